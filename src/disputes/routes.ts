import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { boolean, hash, metadata, refused, string, type Values } from '../http/params.ts'
import { closeDispute, listDisputes, type NamedDispute, retrieveDispute, updateDisputeEvidence } from './operations.ts'
import { enhancedEvidenceOf, evidenceFields } from './parameters.ts'
import { renderDispute } from './render.ts'

const updateFields = {
  evidence: hash(evidenceFields),
  metadata: metadata(),
  submit: boolean(),
  intended_submission_method: refused(),
  ...expandField,
}

const dispute = { object: 'dispute', render: renderDispute } as const

function changeOf(named: NamedDispute, { evidence, submit, metadata }: Values<typeof updateFields>) {
  const { enhanced_evidence: enhanced, appeal: _refused, ...said } = evidence ?? { enhanced_evidence: undefined }
  return { named, evidence: said, enhancedEvidence: enhancedEvidenceOf(enhanced), submit, metadata }
}

export const disputeEndpoints = [
  endpoint({
    ...dispute,
    route: 'GET /v1/disputes/:dispute',
    parameters: expandField,
    run: (context, _sent, { dispute }) => retrieveDispute(context, { dispute }),
  }),
  endpoint({
    ...dispute,
    route: 'POST /v1/disputes/:dispute',
    parameters: updateFields,
    run: (context, sent, { dispute }) => updateDisputeEvidence(context, changeOf({ dispute }, sent)),
  }),
  endpoint({
    ...dispute,
    route: 'POST /v1/disputes/:dispute/close',
    parameters: expandField,
    run: (context, _sent, { dispute }) => closeDispute(context, { dispute }),
  }),
  listEndpoint({
    route: 'GET /v1/disputes',
    object: 'dispute',
    parameters: { ...listFields, charge: string(), payment_intent: string() },
    run: (context, sent) => listDisputes(context, sent),
    renderItem: renderDispute,
  }),
  // The addresses of 2019: a charge has one dispute there, the newest.
  endpoint({
    ...dispute,
    route: 'GET /v1/charges/:charge/dispute',
    parameters: expandField,
    run: (context, _sent, { charge }) => retrieveDispute(context, { charge }),
  }),
  endpoint({
    ...dispute,
    route: 'POST /v1/charges/:charge/dispute',
    parameters: updateFields,
    run: (context, sent, { charge }) => updateDisputeEvidence(context, changeOf({ charge }, sent)),
  }),
  endpoint({
    ...dispute,
    route: 'POST /v1/charges/:charge/dispute/close',
    parameters: expandField,
    run: (context, _sent, { charge }) => closeDispute(context, { charge }),
  }),
]
