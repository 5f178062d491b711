/** The words on the pages, from the catalogues that the pages themselves have. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { en, type Messages } from '../../shared/messages/en.ts';
import { ja } from '../../shared/messages/ja.ts';

export type Language = 'en' | 'ja';
export type { Messages };

function catalogue(language: Language): Record<string, string> {
  const folder = path.resolve(import.meta.dirname, `../../../web/messages/${language}`);
  const files = readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, string>);
  return Object.assign({}, ...files) as Record<string, string>;
}

const pages = { en: catalogue('en'), ja: catalogue('ja') };

/** A text of the server's pages; {name} and {count|singular|plural} are filled in from args. */
export type Say = (key: string, args?: Record<string, string | number>) => string;

export function say(language: Language): Say {
  return (key, args = {}) => {
    const text = pages[language][key];
    if (text === undefined) throw new Error(`There is no text ${key}.`);
    return text.replace(/\{([^}|]+)(?:\|([^}|]+)\|([^}|]+))?\}/g, (_, name: string, one?: string, other?: string) => {
      const value = args[name];
      if (value === undefined) throw new Error(`${key} needs ${name}.`);
      return one === undefined ? String(value) : `${value} ${value === 1 ? one : other}`;
    });
  };
}

/** The texts of the portal's app. */
export const app: Record<Language, Messages> = { en, ja };
