import { downloadEndpoint, endpoint, expandField, listEndpoint, listFields } from '../http/endpoint.ts'
import { uploadedFile } from '../http/multipart.ts'
import { choice, refused, required } from '../http/params.ts'
import { FILE_PURPOSES, UPLOAD_PURPOSES } from './file.ts'
import { createFile, downloadFile, listFiles, retrieveFile } from './operations.ts'
import { renderFile } from './render.ts'

const createFields = {
  file: required(uploadedFile()),
  purpose: required(choice(...UPLOAD_PURPOSES)),
  file_link_data: refused(),
  ...expandField,
}

export const fileEndpoints = [
  endpoint({
    route: 'POST /v1/files',
    object: 'file',
    takesFile: true,
    parameters: createFields,
    run: (context, { purpose, file: { filename, content } }) => createFile(context, { purpose, filename, content }),
    render: renderFile,
  }),
  endpoint({
    route: 'GET /v1/files/:file',
    object: 'file',
    parameters: expandField,
    run: (context, _sent, { file }) => retrieveFile(context, { file }),
    render: renderFile,
  }),
  // Where a file's `url` leads.
  downloadEndpoint({
    route: 'GET /v1/files/:file/contents',
    object: 'file',
    run: (context, _sent, { file }) => downloadFile(context, { file }),
  }),
  listEndpoint({
    route: 'GET /v1/files',
    object: 'file',
    parameters: { ...listFields, purpose: choice(...FILE_PURPOSES) },
    run: (context, sent) => listFiles(context, sent),
    renderItem: renderFile,
  }),
]
