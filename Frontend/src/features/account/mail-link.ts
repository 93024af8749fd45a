/** What a link from a mail brought along, in the part of the address that no server sees. */
export type MailLink =
  | { kind: 'new_password'; accessToken: string }
  /** The address is confirmed. Its tokens are let go: whoever followed a stranger's link must not end up as that stranger. */
  | { kind: 'confirmed' }
  | { kind: 'expired' }
  | { kind: 'nothing' };

export function readMailLink(hash: string): MailLink {
  const brought = new URLSearchParams(hash.replace(/^#/, ''));
  if (brought.has('error') || brought.has('error_code')) return { kind: 'expired' };
  const accessToken = brought.get('access_token');
  if (!accessToken) return brought.has('message') ? { kind: 'confirmed' } : { kind: 'nothing' };
  const kind = brought.get('type');
  return kind === 'recovery' || kind === 'invite' ? { kind: 'new_password', accessToken } : { kind: 'confirmed' };
}
