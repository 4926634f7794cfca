import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { string } from '../http/params.ts'
import { listWarnings, retrieveWarning } from './operations.ts'
import { renderEarlyFraudWarning } from './render.ts'

export const earlyFraudWarningEndpoints = [
  endpoint({
    route: 'GET /v1/radar/early_fraud_warnings/:id',
    object: 'radar.early_fraud_warning',
    parameters: expandField,
    run: (context, _sent, { id }) => retrieveWarning(context, { id }),
    render: (warning, { livemode }) => renderEarlyFraudWarning(warning, livemode),
  }),
  listEndpoint({
    route: 'GET /v1/radar/early_fraud_warnings',
    object: 'radar.early_fraud_warning',
    parameters: { ...listFields, charge: string(), payment_intent: string() },
    run: (context, sent) => listWarnings(context, sent),
    renderItem: (warning, { livemode }) => renderEarlyFraudWarning(warning, livemode),
  }),
]
