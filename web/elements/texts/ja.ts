import type { Texts } from './texts.ts'

export const texts: Texts = {
  labels: {
    number: 'カード番号',
    expiry: 'カードの有効期限',
    cvc: 'カードのセキュリティコード',
    zip: '郵便番号',
    postal: '郵便番号',
  },
  placeholders: {
    number: 'カード番号',
    expiry: '月 / 年',
    cvc: 'セキュリティコード',
    zip: '郵便番号',
    postal: '郵便番号',
  },
  errors: {
    incomplete_number: 'カード番号に不備があります。',
    invalid_number: 'カード番号が無効です。',
    incomplete_expiry: 'カードの有効期限の日付に不備があります。',
    invalid_expiry_month: 'カードの有効期限の月が無効です。',
    invalid_expiry_month_past: 'カードの有効期限の日付が過ぎています。',
    invalid_expiry_year: 'カードの有効期限の年が無効です。',
    invalid_expiry_year_past: 'カードの有効期限が過ぎています。',
    incomplete_cvc: 'カードのセキュリティコードに不備があります。',
    incomplete_zip: '郵便番号の入力に不備があります。',
    card_declined: 'カードが拒否されました。',
    connection: '決済代行会社への接続中に問題が発生しました。インターネット接続をご確認の上、もう一度お試しください。',
    expired_card: 'カードの有効期限が切れています。',
    incorrect_cvc: 'カードのセキュリティコードが間違っています。',
    incorrect_number: 'カード番号が間違っています。',
    incorrect_zip: 'カード番号と郵便番号が一致しません。',
    invalid_cvc: 'カードのセキュリティコードが無効です。',
    processing_error: 'カードの処理中にエラーが発生しました。しばらくしてからもう一度お試しください。',
    unexpected: '予期せぬエラーが発生しました。',
  },
}
