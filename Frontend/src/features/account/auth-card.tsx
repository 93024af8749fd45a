import type { ReactNode } from 'react';
import { Card } from '@/ui/card';
import { LogoMark } from '@/ui/logo';

export function AuthCard({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead: string;
  children: ReactNode;
  foot: ReactNode;
}) {
  return (
    <div className="mx-auto my-auto w-full max-w-md px-4 py-8">
      <Card corners="rounder" className="animate-rise p-6 sm:p-8">
        <LogoMark className="mb-5 size-11" />
        <h1 className="text-headline">{title}</h1>
        <p className="mt-1.5 mb-6 text-ink-soft">{lead}</p>
        {children}
      </Card>
      <p className="mt-5 text-center text-ink-soft">{foot}</p>
    </div>
  );
}
