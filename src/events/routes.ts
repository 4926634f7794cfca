import { endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { boolean, string, strings } from '../http/params.ts'
import { listEvents, retrieveEvent } from './operations.ts'
import { renderEvent } from './render.ts'

export const eventEndpoints = [
  listEndpoint({
    route: 'GET /v1/events',
    object: 'event',
    parameters: { ...listFields, type: string(), types: strings(), delivery_success: boolean() },
    run: (context, sent) => listEvents(context, sent),
    renderItem: renderEvent,
  }),
  endpoint({
    route: 'GET /v1/events/:id',
    object: 'event',
    parameters: expandField,
    run: (context, _sent, { id }) => retrieveEvent(context, { id }),
    render: renderEvent,
  }),
]
