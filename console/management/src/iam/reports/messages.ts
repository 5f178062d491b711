import { defineMessages } from '../../messages';

export const reportMessages = defineMessages(
  {
    title: 'Credential report',
    text: 'All users of the account, the root user among them, and the state of their passwords, access keys, MFA devices and certificates, as a CSV file.',
    reuse: 'A report is made anew when the last one is more than four hours old.',
    make: 'Download credential report',
    making: 'The report is being made.',
    last: 'Report downloaded',
    created: 'Created',
    rows: 'Users in the report',
    done: 'The report was saved as a file.',
    failed: 'The report is not finished yet. Try again in a minute.',
    contents: 'Contents',
    contentsText: 'The file has no secrets, but tells which credentials are old or unused. Take away those that nobody needs.',
  },
  {
    title: '認証情報レポート',
    text: 'ルートユーザーを含むアカウントのすべてのユーザーと、パスワード、アクセスキー、MFA デバイス、証明書の状態を CSV ファイルにまとめたものです。',
    reuse: '前回のレポートから 4 時間を過ぎると、新しいレポートが作成されます。',
    make: '認証情報レポートをダウンロード',
    making: 'レポートを作成しています。',
    last: 'ダウンロードしたレポート',
    created: '作成日時',
    rows: 'レポートに含まれるユーザー数',
    done: 'レポートをファイルに保存しました。',
    failed: 'レポートはまだ完成していません。1 分後にもう一度お試しください。',
    contents: '内容',
    contentsText: 'シークレットは含まれませんが、古い認証情報や使われていない認証情報が分かります。不要なものは取り除いてください。',
  },
);
