import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Component as InterviewPage } from './interview-page';
import { fakeServer, problem } from '@/test/fake-server';
import { renderPage } from '@/test/render-page';
import { detail } from '@/test/samples';

const PATH = '/interviews/interview-1';
const show = () => renderPage(InterviewPage, '/interviews/:id', PATH);
const texts = () => screen.getAllByRole('article').map((one) => /The (\w+) question/.exec(one.textContent)?.[1]);

test('the questions appear as soon as they are written', async () => {
  let looks = 0;
  fakeServer({ [`GET ${PATH}`]: () => detail({ status: ++looks < 3 ? 'preparing' : 'scheduled' }) });
  show();
  expect(await screen.findByText('Writing your questions…')).toBeInTheDocument();
  expect(await screen.findByRole('heading', { name: 'Your 3 questions' }, { timeout: 5000 })).toBeInTheDocument();
  expect(screen.getByText('A point of the first')).toBeInTheDocument();
});

test('a question moves by keyboard and the server is told the new order', async () => {
  const server = fakeServer({
    [`GET ${PATH}`]: () => detail(),
    [`PUT ${PATH}/questions/order`]: async (request) => {
      const { question_ids } = (await request.clone().json()) as { question_ids: string[] };
      const all = detail().questions;
      return detail({ questions: question_ids.flatMap((id) => all.filter((one) => one.id === id)) });
    },
  });
  const user = userEvent.setup({ delay: null });
  show();
  const up = await screen.findByRole('button', { name: 'Move question 3 up' });
  up.focus();
  await user.keyboard('{Enter}');
  await waitFor(() =>
    expect(server.bodies.get(`PUT ${PATH}/questions/order`)).toEqual({ question_ids: ['first', 'third', 'second'] }),
  );
  await waitFor(() => expect(texts()).toEqual(['first', 'third', 'second']));
  expect(screen.getByText('Moved to place 2 of 3')).toBeInTheDocument();
});

test('a new order is on screen before the server has answered, and the last of several stays', async () => {
  const answers: (() => void)[] = [];
  fakeServer({
    [`GET ${PATH}`]: () => detail(),
    [`PUT ${PATH}/questions/order`]: async (request) => {
      const { question_ids } = (await request.clone().json()) as { question_ids: string[] };
      await new Promise<void>((answer) => answers.push(answer));
      const all = detail().questions;
      return detail({ questions: question_ids.flatMap((id) => all.filter((one) => one.id === id)) });
    },
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Move question 3 up' }));
  await waitFor(() => expect(texts()).toEqual(['first', 'third', 'second']));
  await user.click(screen.getByRole('button', { name: 'Move question 2 up' }));
  await waitFor(() => expect(texts()).toEqual(['third', 'first', 'second']));
  await waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.();
  // The second is sent when the first has been answered, and the answer to the first does not undo it.
  await waitFor(() => expect(answers).toHaveLength(2));
  expect(texts()).toEqual(['third', 'first', 'second']);
  answers[1]?.();
  await waitFor(() => expect(texts()).toEqual(['third', 'first', 'second']));
});

test('an order that the server refuses is taken back', async () => {
  fakeServer({
    [`GET ${PATH}`]: () => detail(),
    [`PUT ${PATH}/questions/order`]: () => problem(409, 'already_begun', 'The interview has begun.'),
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Move question 1 down' }));
  await waitFor(() => expect(texts()).toEqual(['first', 'second', 'third']));
});

test('a question is dropped after asking, and the last one has to stay', async () => {
  const one = detail().questions.slice(0, 1);
  fakeServer({
    [`GET ${PATH}`]: () => detail({ questions: detail().questions.slice(0, 2) }),
    [`DELETE ${PATH}/questions/second`]: () => detail({ questions: one }),
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Drop question 2' }));
  await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Drop it' }));
  expect(await screen.findByRole('heading', { name: 'Your 1 question' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'One question has to stay' })).toBeDisabled();
});

test('another question takes the place of the one that was not wanted', async () => {
  const [first, second, third] = detail().questions;
  if (!first || !second || !third) throw new Error('the sample has three');
  fakeServer({
    [`GET ${PATH}`]: () => detail(),
    [`POST ${PATH}/questions/second/another`]: () =>
      detail({ questions: [first, { ...second, id: 'new', text: 'The fresh question?' }, third] }),
  });
  const user = userEvent.setup({ delay: null });
  show();
  const article = await screen.findByRole('article', { name: 'Question 2 of 3' });
  await user.click(within(article).getByRole('button', { name: 'Ask me another' }));
  await waitFor(() => expect(texts()).toEqual(['first', 'fresh', 'third']));
});

test('an interview that was cut short can be gone on with or finished', async () => {
  const server = fakeServer({
    [`GET ${PATH}`]: () => detail({ status: 'in_progress', answered: 2, started_at: '2026-11-20T10:00:00Z' }),
    [`POST ${PATH}/finish`]: () => detail({ status: 'processing' }),
  });
  const user = userEvent.setup({ delay: null });
  const { router } = show();
  expect(await screen.findByRole('link', { name: 'Go on' })).toHaveAttribute('href', `${PATH}/check`);
  await user.click(screen.getByRole('button', { name: 'Finish and read the feedback' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`${PATH}/results`));
  expect(server.asked).toContain(`POST ${PATH}/finish`);
});

test('preparing that failed says so and can be tried again', async () => {
  let status: 'failed' | 'scheduled' = 'failed';
  fakeServer({
    [`GET ${PATH}`]: () => detail({ status }),
    [`POST ${PATH}/retry`]: () => {
      status = 'scheduled';
      return detail({ status: 'preparing' });
    },
  });
  const user = userEvent.setup({ delay: null });
  show();
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { name: 'Your 3 questions' })).toBeInTheDocument();
});
