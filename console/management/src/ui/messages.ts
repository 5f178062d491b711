import { defineMessages } from '../messages';

/** The words of the parts that sections share. */
export const messages = defineMessages(
  {
    common: { cancel: 'Cancel', save: 'Save', optional: 'optional' },
    table: {
      loading: 'Loading',
      find: 'Search',
      matches: (n: number) => (n === 1 ? '1 match' : `${n} matches`),
      noMatch: 'No matches',
      noMatchYet: 'No matches among those loaded so far. Load the next page, or clear the search.',
      clear: 'Clear search',
      selectAll: 'Select all',
      refresh: 'Refresh',
      noneBegins: 'Nothing begins so.',
      selectPage: 'Select all on this page',
    },
    tags: {
      title: 'Tags',
      text: 'Keys and values by which you find and organize what you have, and by which policies decide.',
      none: 'No tags',
      key: 'Key',
      value: 'Value',
      manage: 'Manage tags',
      saved: 'The tags were saved.',
      wrong: 'Mend the tags that are marked.',
    },
  },
  {
    common: { cancel: 'キャンセル', save: '保存', optional: '任意' },
    table: {
      loading: '読み込んでいます',
      find: '検索',
      matches: (n: number) => `${n} 件一致`,
      noMatch: '一致するものがありません',
      noMatchYet: 'これまでに読み込んだ中に一致するものがありません。次のページを読み込むか、検索を消去してください。',
      clear: '検索を消去',
      selectAll: 'すべて選択',
      refresh: '更新',
      noneBegins: 'この文字で始まるものはありません。',
      selectPage: 'このページのすべてを選択',
    },
    tags: {
      title: 'タグ',
      text: 'リソースの検索や整理、ポリシーの判定に使うキーと値です。',
      none: 'タグはありません',
      key: 'キー',
      value: '値',
      manage: 'タグを管理',
      saved: 'タグを保存しました。',
      wrong: '印の付いたタグを修正してください。',
    },
  },
);
