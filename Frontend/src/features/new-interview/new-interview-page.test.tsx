import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { Component as NewInterview } from './new-interview-page';
import { reworded } from './draft';
import { splitAtNumbers } from './number-marks';
import { fakeServer, problem } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { profile, summary } from '@/test/samples';

const BASE = {
  'GET /roles': () => ({ roles: ['Ward nurse', 'Teacher'] }),
  'GET /setup': () => ({ max_resume_bytes: 1000, password_min_length: 10, vendors: [] }),
  'GET /profiles/latest': () => problem(404, 'profile_not_found', 'None yet.'),
  'GET /profiles/profile-1': () => profile(),
};

const show = (at = '/new') => renderPage(NewInterview, '/new', at);

async function upToResume(user: ReturnType<typeof userEvent.setup>) {
  await user.type(await screen.findByRole('combobox'), 'Ward nurse{Escape}');
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  await screen.findByText('Drop your resume here');
}

function resume(size = 10): File {
  return new File(['x'.repeat(size)], 'asha.pdf', { type: 'application/pdf' });
}

describe('the wizard', () => {
  test('leads from the role over the resume to an interview', async () => {
    const server = fakeServer({
      ...BASE,
      'POST /profiles': () => profile(),
      'POST /interviews': () => summary(),
    });
    const user = userEvent.setup({ delay: null });
    const { router } = show();
    await upToResume(user);
    await user.upload(screen.getByLabelText('Resume file'), resume());
    await screen.findByDisplayValue('Ward nurse');
    await user.click(screen.getByRole('button', { name: 'Make my questions' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/interviews/interview-1'));
    expect(server.bodies.get('POST /interviews')).toMatchObject({
      role: 'Ward nurse',
      seniority: 'mid',
      profile_id: 'profile-1',
    });
    expect(server.asked).not.toContain('PATCH /profiles/profile-1');
    expect(Object.keys(localStorage).filter((key) => key.startsWith('dost-draft'))).toEqual([]);
  });

  test('keeps everything when making the questions fails, and can try again', async () => {
    let works = false;
    fakeServer({
      ...BASE,
      'POST /profiles': () => profile(),
      'PATCH /profiles/profile-1': () => profile(),
      'POST /interviews': () => (works ? summary() : problem(503, 'busy', 'Please try again in a minute.')),
    });
    const user = userEvent.setup({ delay: null });
    const { router } = show();
    await upToResume(user);
    await user.upload(screen.getByLabelText('Resume file'), resume());
    const headline = await screen.findByLabelText('In one line');
    await user.clear(headline);
    await user.type(headline, 'Charge nurse');
    await user.click(screen.getByRole('button', { name: 'Make my questions' }));
    expect(await screen.findByText(/Please try again in a minute/)).toBeInTheDocument();
    expect(headline).toHaveValue('Charge nurse');
    works = true;
    await user.click(screen.getByRole('button', { name: 'Make my questions' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/interviews/interview-1'));
  });

  test('sends only what was put right, without the empty rows', async () => {
    const server = fakeServer({
      ...BASE,
      'POST /profiles': () => profile(),
      'PATCH /profiles/profile-1': () => profile(),
      'POST /interviews': () => summary(),
    });
    const user = userEvent.setup({ delay: null });
    show();
    await upToResume(user);
    await user.upload(screen.getByLabelText('Resume file'), resume());
    await screen.findByLabelText('In one line');
    const [addPosition] = screen.getAllByRole('button', { name: 'Add' });
    if (!addPosition) throw new Error('no button to add a position');
    await user.click(addPosition);
    await user.click(screen.getByRole('button', { name: 'Remove Triage' }));
    await user.click(screen.getByRole('button', { name: 'Make my questions' }));
    await waitFor(() => expect(server.bodies.has('POST /interviews')).toBe(true));
    expect(server.bodies.get('PATCH /profiles/profile-1')).toMatchObject({
      skills: [],
      experience: [{ title: 'Charge nurse' }],
    });
  });

  test('is where it was after a reload', async () => {
    fakeServer(BASE);
    const user = userEvent.setup({ delay: null });
    const first = show();
    await user.type(await screen.findByRole('combobox'), 'Lighthouse keeper{Escape}');
    await user.click(screen.getByRole('radio', { name: 'Senior' }));
    first.unmount();
    show();
    expect(await screen.findByRole('combobox')).toHaveValue('Lighthouse keeper');
    expect(screen.getByRole('radio', { name: 'Senior' })).toBeChecked();
  });

  test('shows no later step to someone who has not done the earlier ones', async () => {
    fakeServer(BASE);
    show('/new?step=3');
    expect(await screen.findByRole('heading', { name: 'The role' })).toBeInTheDocument();
  });

  test('asks for the role before going on', async () => {
    fakeServer(BASE);
    const user = userEvent.setup({ delay: null });
    show();
    await user.click(await screen.findByRole('button', { name: 'Continue' }));
    expect(screen.getByText(/Tell us the role/)).toBeVisible();
  });

  test('says what is wrong with a resume and offers to paste it instead', async () => {
    fakeServer({
      ...BASE,
      'POST /profiles': () => problem(422, 'resume_scanned', 'This PDF holds pictures only. Paste the text instead.'),
    });
    const user = userEvent.setup({ delay: null });
    show();
    await upToResume(user);
    await user.upload(screen.getByLabelText('Resume file'), resume());
    const alert = await screen.findByText(/pictures only/);
    expect(alert).toBeInTheDocument();
    const paste = screen.getAllByRole('button', { name: 'Paste the text' }).at(-1);
    if (!paste) throw new Error('no way to paste');
    await user.click(paste);
    expect(screen.getByLabelText('The text of your resume')).toBeInTheDocument();
  });

  test('does not even send a file that is too large', async () => {
    const server = fakeServer(BASE);
    const user = userEvent.setup({ delay: null });
    show();
    await upToResume(user);
    await screen.findByText(/up to 1.0 kB/);
    await user.upload(screen.getByLabelText('Resume file'), resume(1001));
    expect(await screen.findByText(/up to 1.0 kB can be read/)).toBeInTheDocument();
    expect(server.asked).not.toContain('POST /profiles');
  });

  test('goes on without a resume', async () => {
    const server = fakeServer({ ...BASE, 'POST /interviews': () => summary() });
    const user = userEvent.setup({ delay: null });
    show();
    await upToResume(user);
    await user.click(screen.getByRole('button', { name: 'Go on without a resume' }));
    await user.click(await screen.findByRole('button', { name: 'Make my questions' }));
    await waitFor(() => expect(server.bodies.get('POST /interviews')).toMatchObject({ profile_id: null }));
  });

  test('takes the last resume again with one press', async () => {
    fakeServer({ ...BASE, 'GET /profiles/latest': () => profile() });
    const user = userEvent.setup({ delay: null });
    show();
    await upToResume(user);
    await user.click(await screen.findByRole('button', { name: 'Use this one' }));
    expect(await screen.findByLabelText('In one line')).toHaveValue('Ward nurse');
  });
});

describe('numbers in a claim', () => {
  test('stand out, the longer ones first', () => {
    expect(splitAtNumbers('Cut falls by 30% over 30 days', ['30', '30%'])).toEqual([
      { text: 'Cut falls by ', marked: false },
      { text: '30%', marked: true },
      { text: ' over ', marked: false },
      { text: '30', marked: true },
      { text: ' days', marked: false },
    ]);
  });

  test('with signs of their own are taken literally', () => {
    expect(
      splitAtNumbers('Saved $1.5m (net)', ['$1.5m', '(net)'])
        .filter((one) => one.marked)
        .map((one) => one.text),
    ).toEqual(['$1.5m', '(net)']);
  });

  test('are lost with the words that held them', () => {
    const claim = {
      text: 'Cut falls by 30% on 24 beds',
      numbers: ['30%', '24'],
      organisation: '',
      title: '',
      period: '',
      skills: [],
    };
    expect(reworded(claim, 'Cut falls on 24 beds')).toEqual({
      ...claim,
      text: 'Cut falls on 24 beds',
      numbers: ['24'],
    });
  });

  test('text without any stays whole', () => {
    expect(splitAtNumbers('Led a team', [])).toEqual([{ text: 'Led a team', marked: false }]);
    expect(splitAtNumbers('', ['3'])).toEqual([]);
  });
});
