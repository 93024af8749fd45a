import { Bell, Monitor, Moon, Sun, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { ProblemError } from '@/lib/api/problem';
import { m } from '@/lib/messages';
import { setThemeWish, useDark, useThemeWish } from '@/lib/theme';
import { Button, IconButton } from '@/ui/button';
import { Card } from '@/ui/card';
import { ChipsInput } from '@/ui/chips-input';
import { Choices } from '@/ui/choices';
import { Combobox } from '@/ui/combobox';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { TextArea, TextField } from '@/ui/field';
import { Logo, LogoMark } from '@/ui/logo';
import { Menu, MenuChoice, MenuItem, MenuLine } from '@/ui/menu';
import { NotFound } from '@/ui/not-found';
import { Notice } from '@/ui/notice';
import { Pill } from '@/ui/pill';
import { Rich } from '@/ui/rich';
import { ScoreRing } from '@/ui/score-ring';
import { ErrorState, Loading, Skeleton, Spinner } from '@/ui/states';
import { tell } from '@/ui/toast';

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-4 border-t border-line pt-6">
      <h2 className="text-heading">{title}</h2>
      {children}
    </section>
  );
}

function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>;
}

const VARIANTS = ['primary', 'secondary', 'ghost', 'quiet', 'danger'] as const;
const SIZES = ['small', 'medium', 'large'] as const;
const TONES = ['info', 'good', 'warn', 'bad'] as const;
const SCALE = [
  ['text-display', 'Display'],
  ['text-title', 'Title of a page'],
  ['text-headline', 'Headline of what stands alone'],
  ['text-heading', 'Heading of a section'],
  ['text-subheading', 'Subheading of a card'],
  ['text-base', 'Text to be read'],
  ['text-compact', 'Compact text beside a thing'],
  ['text-label', 'Label of a field'],
  ['text-sm text-ink-faint', 'A note'],
] as const;

function TypeScale() {
  return (
    <div className="grid gap-2">
      <p>
        <Rich
          parts={m.landing_example_quote.parts({})}
          marks={{ strong: (words) => <mark className="rounded bg-accent-line/70 px-0.5 text-inherit">{words}</mark> }}
        />
      </p>
      {SCALE.map(([size, words]) => (
        <p key={size} className={size}>
          {words} <code className="text-sm font-normal text-ink-faint">{size}</code>
        </p>
      ))}
    </div>
  );
}

function Buttons() {
  return (
    <>
      {SIZES.map((size) => (
        <Row key={size}>
          {VARIANTS.map((variant) => (
            <Button key={variant} variant={variant} size={size}>
              {variant}
            </Button>
          ))}
          <Button size={size} busy>
            busy
          </Button>
          <Button size={size} disabled>
            disabled
          </Button>
          <IconButton size={size} label="Only an icon">
            <Bell aria-hidden />
          </IconButton>
        </Row>
      ))}
    </>
  );
}

function Cards() {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {(['flat', 'raised', 'high'] as const).map((height) => (
        <Card key={height} height={height}>
          {height}
        </Card>
      ))}
      {(['small', 'medium', 'large'] as const).map((space) => (
        <Card key={space} space={space} corners="rounder">
          rounder, {space} space
        </Card>
      ))}
    </div>
  );
}

function Fields() {
  const [role, setRole] = useState('');
  const [skills, setSkills] = useState(['Triage', 'PostgreSQL']);
  const [level, setLevel] = useState<'mid' | 'senior'>('mid');
  return (
    <div className="grid items-start gap-5 sm:grid-cols-2">
      <TextField label="Plain" placeholder="A placeholder" hint="A hint stands below." />
      <TextField label="With an error" defaultValue="asha@" error="This is no email address yet." />
      <TextField label="Not wanted now" optional disabled defaultValue="disabled" />
      <TextArea label="Longer text" optional />
      <Combobox
        label="With suggestions"
        value={role}
        onChange={setRole}
        options={['Ward nurse', 'Teacher', 'Backend engineer']}
      />
      <Combobox
        label="With suggestions and an error"
        value=""
        onChange={() => undefined}
        options={[]}
        error="Tell us the role."
      />
      <ChipsInput
        label="Several"
        value={skills}
        onChange={setSkills}
        most={4}
        longest={40}
        hint="Press Enter after each one."
      />
      <ChipsInput label="As many as may be" value={['One']} onChange={() => undefined} most={1} longest={40} />
      <Choices
        legend="One of a few"
        value={level}
        onChange={setLevel}
        choices={[
          { value: 'mid', label: 'Mid-level' },
          { value: 'senior', label: 'Senior' },
        ]}
      />
    </div>
  );
}

function Overlays() {
  const [open, setOpen] = useState<'dialog' | 'confirm' | 'danger' | null>(null);
  const wish = useThemeWish();
  const close = () => setOpen(null);
  return (
    <Row>
      <Button variant="secondary" onClick={() => setOpen('dialog')}>
        Dialog
      </Button>
      <Button variant="secondary" onClick={() => setOpen('confirm')}>
        Question
      </Button>
      <Button variant="secondary" onClick={() => setOpen('danger')}>
        Dangerous question
      </Button>
      <Menu trigger={<Button variant="secondary">Menu</Button>}>
        <MenuChoice
          label="Colours"
          value={wish}
          onChange={setThemeWish}
          choices={[
            { value: 'system', label: 'As the system', icon: <Monitor aria-hidden /> },
            { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
            { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
          ]}
        />
        <MenuLine />
        <MenuItem danger onSelect={() => undefined}>
          <Trash2 aria-hidden /> Delete
        </MenuItem>
      </Menu>
      {(['plain', 'good', 'bad'] as const).map((tone) => (
        <Button key={tone} variant="ghost" onClick={() => tell(`A message that is ${tone}.`, tone)}>
          Message, {tone}
        </Button>
      ))}
      <Dialog open={open === 'dialog'} onOpenChange={close} title="A dialog" description="What it is about.">
        Whatever it holds.
      </Dialog>
      <ConfirmDialog
        open={open === 'confirm' || open === 'danger'}
        onOpenChange={close}
        title="Are you sure?"
        description="This is what happens then."
        confirm="Do it"
        danger={open === 'danger'}
        onConfirm={close}
      />
    </Row>
  );
}

/** Every component in every state, for whoever builds pages. Only in development: no build carries it. */
export function Component() {
  const dark = useDark();
  return (
    <main id="content" className="page-wide grid gap-8 py-8">
      <title>Gallery · InterviewDost</title>
      <Row>
        <h1 className="mr-auto text-title">Gallery</h1>
        <Button variant="secondary" onClick={() => setThemeWish(dark ? 'light' : 'dark')}>
          {dark ? 'Light colours' : 'Dark colours'}
        </Button>
      </Row>
      <Section title="Logo">
        <Row>
          <Logo />
          <LogoMark className="size-12" />
        </Row>
      </Section>
      <Section title="Type scale">
        <TypeScale />
      </Section>
      <Section title="Buttons">
        <Buttons />
      </Section>
      <Section title="Cards">
        <Cards />
      </Section>
      <Section title="Fields">
        <Fields />
      </Section>
      <Section title="Pills">
        <Row>
          {(['plain', 'accent', 'good', 'warn', 'bad'] as const).map((tone) => (
            <Pill key={tone} tone={tone}>
              {tone}
            </Pill>
          ))}
        </Row>
      </Section>
      <Section title="Notices">
        {TONES.map((tone) => (
          <Notice
            key={tone}
            tone={tone}
            title={`A notice that is ${tone}`}
            announce={false}
            action={<Button size="small">Do it</Button>}
          >
            What happened, and what to do.
          </Notice>
        ))}
      </Section>
      <Section title="Scores">
        <Row>
          {SIZES.map((size) => (
            <ScoreRing key={size} value={72} label="Relevance" size={size} />
          ))}
          <ScoreRing value={0} label="Relevance" />
          <ScoreRing value={100} label="Relevance" />
          <ScoreRing value={null} label="Relevance" />
        </Row>
      </Section>
      <Section title="Dialogs, menus, messages">
        <Overlays />
      </Section>
      <Section title="On its way">
        <Spinner label="One moment…" />
        <Loading label="Loading">
          <Skeleton className="h-16" />
        </Loading>
      </Section>
      <Section title="Failed">
        <ErrorState
          title="This list could not be loaded"
          error={new ProblemError('offline', 'We cannot reach the server. Check your connection and try again.')}
          onRetry={() => undefined}
        />
      </Section>
      <Section title="Not there">
        <NotFound />
      </Section>
    </main>
  );
}
