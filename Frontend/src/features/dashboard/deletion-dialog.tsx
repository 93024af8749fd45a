import { useState } from 'react';
import { ConfirmDialog } from '@/ui/dialog';
import { tell } from '@/ui/toast';
import { interviews } from '@/lib/api/endpoints';
import { wordsFor } from '@/lib/api/problem';
import type { InterviewSummary } from '@/lib/api/types';

interface DeletionDialogProps {
  interview: InterviewSummary;
  onClose: () => void;
  onDeleted: () => void;
}

export default function DeletionDialog({ interview, onClose, onDeleted }: DeletionDialogProps) {
  const [busy, setBusy] = useState(false);
  const remove = () => {
    setBusy(true);
    interviews
      .remove(interview.id)
      .then(() => {
        tell('The interview has been deleted.');
        onDeleted();
        onClose();
      })
      .catch((error: unknown) => {
        tell(wordsFor(error), 'bad');
        setBusy(false);
      });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Delete this interview?"
      description={`The interview for ${interview.role} goes with its recording, transcript and scores, for good.`}
      confirm="Delete interview"
      danger
      busy={busy}
      onConfirm={remove}
    />
  );
}
