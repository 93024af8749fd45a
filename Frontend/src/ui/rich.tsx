import { Fragment, type ReactNode } from 'react';

interface Part {
  type: string;
  name?: string;
  value?: string;
}

interface RichProps {
  /** Of a message with marks, such as `{#link}the terms{/link}`: its `parts()`. */
  parts: readonly Part[];
  /** What each mark looks like around its text. Where it stands in the sentence is the language's own business. */
  marks: Record<string, (text: ReactNode) => ReactNode>;
}

export function Rich({ parts, marks }: RichProps) {
  return read(parts, marks, { at: 0 });
}

function read(parts: readonly Part[], marks: RichProps['marks'], cursor: { at: number }): ReactNode {
  const nodes: ReactNode[] = [];
  while (cursor.at < parts.length) {
    const part = parts[cursor.at++];
    if (!part || part.type === 'markup-end') break;
    const { name = '' } = part;
    if (part.type === 'text') nodes.push(part.value);
    else if (part.type === 'markup-start') nodes.push(marks[name]?.(read(parts, marks, cursor)));
    else nodes.push(marks[name]?.(null));
  }
  return nodes.map((node, index) => <Fragment key={index}>{node}</Fragment>);
}
