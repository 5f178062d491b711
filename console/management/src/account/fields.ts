/** What is wrong with a field before the server has seen it; '' when nothing is. The server's word is final. */
export type FieldFault = '' | 'required' | 'phone' | 'email';

export interface FieldRule {
  required: boolean;
  kind?: 'phone' | 'email';
}

/** Spaces, hyphens and brackets are how people write numbers; the API takes them away from none. */
export function normalPhone(text: string): string {
  const plain = text.normalize('NFKC').trim();
  return plain.startsWith('+') ? `+${plain.slice(1).replace(/[\s().-]/g, '')}` : plain;
}

export function fieldFault(value: string, { required, kind }: FieldRule): FieldFault {
  const text = value.trim();
  if (!text) return required ? 'required' : '';
  if (kind === 'phone' && !/^\+[1-9]\d{5,14}$/.test(normalPhone(text))) return 'phone';
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return 'email';
  return '';
}
