import { ConfirmDialog } from '@/ui/dialog';
import type { InterviewSummary } from '@/lib/api/types';

interface DeletionDialogProps {
  interview: InterviewSummary;
  onClose: () => void;
  onDelete: () => void;
}

export default function DeletionDialog({ interview, onClose, onDelete }: DeletionDialogProps) {
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
      onConfirm={onDelete}
    />
  );
}
