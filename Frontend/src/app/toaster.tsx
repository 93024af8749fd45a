import { useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { connectToaster } from '@/ui/toast';
import { useDark } from '@/lib/theme';

export default function Toaster() {
  const dark = useDark();
  useEffect(
    () =>
      connectToaster(({ tone, text }) => {
        if (tone === 'good') toast.success(text);
        else if (tone === 'bad') toast.error(text);
        else toast(text);
      }),
    [],
  );
  return (
    <Sonner
      theme={dark ? 'dark' : 'light'}
      position="bottom-center"
      toastOptions={{ style: { fontFamily: 'inherit', borderRadius: '0.9rem' } }}
    />
  );
}
