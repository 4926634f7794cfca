import type { File } from './file.ts'

/** Stripe's file object, newest version. Links to files are not there, so that the list of them is empty. */
export function renderFile(file: File, { publicUrl }: { readonly publicUrl: string }) {
  return {
    id: file.id,
    object: 'file',
    created: file.created,
    expires_at: null,
    filename: file.filename,
    links: { object: 'list', data: [] as never[], has_more: false, url: `/v1/file_links?file=${file.id}` },
    purpose: file.purpose,
    size: file.size,
    title: null,
    type: file.type,
    url: `${publicUrl}/v1/files/${file.id}/contents`,
  } as const
}
