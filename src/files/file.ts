import { accept, type Decision, refuse } from '../decision.ts'
import { errors } from '../errors.ts'
import type { FileId } from '../ids.ts'
import type { UnixSeconds } from '../money.ts'

export const FILE_TYPES = ['gif', 'jpg', 'pdf', 'png'] as const
export type FileType = (typeof FILE_TYPES)[number]

/** What a file can be uploaded for. */
export const UPLOAD_PURPOSES = [
  ...(['account_requirement', 'additional_verification', 'business_icon', 'business_logo'] as const),
  ...(['customer_signature', 'dispute_evidence', 'identity_document', 'pci_document'] as const),
  ...(['tax_document_user_upload', 'terminal_reader_splashscreen'] as const),
] as const
export type UploadPurpose = (typeof UPLOAD_PURPOSES)[number]

/** All purposes that a list can be asked for: files of the others come from Stripe alone, and there are none here. */
export const FILE_PURPOSES = [
  ...UPLOAD_PURPOSES,
  ...(['document_provider_identity_document', 'finance_report_run', 'identity_document_downloadable'] as const),
  ...(['selfie', 'sigma_scheduled_query'] as const),
] as const

/** An uploaded file, without its bytes. */
export type File = {
  readonly id: FileId
  readonly created: UnixSeconds
  readonly purpose: UploadPurpose
  /** As the merchant's own computer calls it. */
  readonly filename: string
  /** In bytes. */
  readonly size: number
  /** What it is by its first bytes, whatever its name says. */
  readonly type: FileType
}

const KB = 1024
const MB = 1024 * KB

type Rule = { readonly most: number; readonly types: readonly FileType[] }

const DOCUMENT: Rule = { most: 5 * MB, types: ['jpg', 'pdf', 'png'] }
const IDENTITY: Rule = { most: 10 * MB, types: ['jpg', 'pdf', 'png'] }
const PICTURE: Rule = { most: 512 * KB, types: ['gif', 'jpg', 'png'] }

/** Stripe: what each purpose takes, and how large. */
const RULES: Readonly<Record<UploadPurpose, Rule>> = {
  account_requirement: IDENTITY,
  additional_verification: IDENTITY,
  business_icon: PICTURE,
  business_logo: PICTURE,
  customer_signature: { ...DOCUMENT, types: ['jpg', 'png'] },
  dispute_evidence: DOCUMENT,
  identity_document: IDENTITY,
  pci_document: { ...DOCUMENT, types: ['pdf'] },
  tax_document_user_upload: DOCUMENT,
  terminal_reader_splashscreen: { ...PICTURE, most: 2 * MB },
}

/** The most bytes that a file of any purpose may have. */
export const LARGEST_FILE = 10 * MB

/** Bytes with which each type begins, as Latin-1 text. */
const BEGINNINGS: readonly (readonly [beginning: string, type: FileType])[] = [
  ['%PDF-', 'pdf'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['\xff\xd8\xff', 'jpg'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
]

/** What bytes are, by how they begin; null where it is none of what is taken. `content` is Latin-1 text, a byte each. */
function typeOf(content: string): FileType | null {
  return BEGINNINGS.find(([beginning]) => content.startsWith(beginning))?.[1] ?? null
}

const MEDIA_TYPES: Readonly<Record<FileType, string>> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
}

export function mediaTypeOf({ type }: Pick<File, 'type'>): string {
  return MEDIA_TYPES[type]
}

export type Upload = Pick<File, 'id' | 'created' | 'purpose' | 'filename'> & {
  /** Latin-1 text, a byte each. */
  readonly content: string
}

/** Takes an uploaded file. Refuses what is empty, too large, or not of a type that its purpose takes. */
export function take({ content, ...told }: Upload): Decision<File> {
  const { most, types } = RULES[told.purpose]
  if (content === '') return refuse(errors.fileEmpty('file'))
  if (content.length > most) return refuse(errors.fileTooLarge('file', shownSize(most)))
  const type = typeOf(content)
  if (type === null || !types.includes(type)) return refuse(errors.fileTypeWrong('file', types))
  const file: File = { ...told, size: content.length, type }
  return accept(file, { events: [{ type: 'file.created', object: 'file', before: null, after: file }] })
}

function shownSize(bytes: number): string {
  return bytes < MB ? `${bytes / KB} KB` : `${bytes / MB} MB`
}
