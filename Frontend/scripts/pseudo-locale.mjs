/** A language that nobody speaks and everybody can read: "⟦Śàvé⟧". What is drawn without it did not come from a catalogue. */
export const PSEUDO = 'en-XA';

const ACCENTS = new Map(
  Object.entries({
    a: 'à',
    b: 'ƀ',
    c: 'ç',
    d: 'ð',
    e: 'é',
    f: 'ƒ',
    g: 'ĝ',
    h: 'ĥ',
    i: 'î',
    j: 'ĵ',
    k: 'ķ',
    l: 'ļ',
    m: 'ɱ',
    n: 'ñ',
    o: 'ö',
    p: 'þ',
    q: 'ɋ',
    r: 'ŕ',
    s: 'š',
    t: 'ţ',
    u: 'û',
    v: 'ṽ',
    w: 'ŵ',
    x: 'ẋ',
    y: 'ý',
    z: 'ž',
    A: 'Å',
    B: 'Ɓ',
    C: 'Ç',
    D: 'Ð',
    E: 'É',
    F: 'Ƒ',
    G: 'Ĝ',
    H: 'Ĥ',
    I: 'Î',
    J: 'Ĵ',
    K: 'Ķ',
    L: 'Ļ',
    M: 'Ṁ',
    N: 'Ñ',
    O: 'Ö',
    P: 'Þ',
    Q: 'Ǫ',
    R: 'Ŕ',
    S: 'Š',
    T: 'Ţ',
    U: 'Û',
    V: 'Ṽ',
    W: 'Ŵ',
    X: 'Ẋ',
    Y: 'Ý',
    Z: 'Ž',
  }),
);

/** Parameters and marks (`{name}`, `{#link}`, `{/link}`) stay as they are. */
function pseudoText(text) {
  const accented = text.replace(/\{[^}]*\}|[A-Za-z]/g, (part) => ACCENTS.get(part) ?? part);
  return `⟦${accented}⟧`;
}

export function pseudo(catalogue) {
  return Object.fromEntries(
    Object.entries(catalogue).map(([name, text]) => {
      if (typeof text === 'string') return [name, pseudoText(text)];
      const [{ match, ...rest }] = text;
      const accented = Object.fromEntries(Object.entries(match).map(([when, words]) => [when, pseudoText(words)]));
      return [name, [{ ...rest, match: accented }]];
    }),
  );
}
