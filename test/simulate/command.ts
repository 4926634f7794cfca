import type { Life } from './life.ts'

/** One step of a life: does something, proves the answer, notes it in the model. Says what it did, without any id. */
export type Command = (life: Life) => Promise<string>

/** What a command says where there is nothing to do it to. */
export const NOTHING_TO_DO = 'nothing to do'
