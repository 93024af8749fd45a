import { SendHorizontal } from 'lucide-react';
import { useState, type Ref } from 'react';
import { Button } from '@/ui/button';
import { INPUT_LOOKS } from '@/ui/field';
import { classNames } from '@/ui/class-names';
import { LIMITS } from '@/lib/api/limits.gen';

interface AnswerBoxProps {
  inputRef: Ref<HTMLTextAreaElement>;
  disabled: boolean;
  onTyping: () => void;
  onSend: (text: string) => void;
}

/** An answer can be typed at any time, whole or beside what was said. Enter sends, Shift and Enter begins a new line. */
export function AnswerBox({ inputRef, disabled, onTyping, onSend }: AnswerBoxProps) {
  const [text, setText] = useState('');
  const send = () => {
    if (disabled || text.trim() === '') return;
    onSend(text);
    setText('');
  };
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={inputRef}
        rows={1}
        maxLength={LIMITS.maxAnswer}
        value={text}
        aria-label="Type your answer"
        placeholder="Or type your answer…"
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value.trim() !== '') onTyping();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className={classNames(INPUT_LOOKS, 'field-sizing-content max-h-32 min-h-11 resize-none py-2.5')}
      />
      <Button
        type="submit"
        variant={text.trim() === '' ? 'secondary' : 'primary'}
        aria-label="Send answer"
        title="Send answer"
        disabled={disabled || text.trim() === ''}
        className="aspect-square px-0"
      >
        <SendHorizontal aria-hidden />
      </Button>
    </form>
  );
}
