import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { countsOf, sessionOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, refusal, serve } from '@/testing/server';

const nobody = () => refusal(401, 'session.over', 'sign in first');
const overview = () => json({ tenants: [countsOf()] });

async function fill(user: ReturnType<typeof renderApp>['user'], password: string) {
  await user.type(await screen.findByLabelText('Email'), 'rosa@drover.example');
  await user.type(screen.getByLabelText('Password'), password);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('signing in', () => {
  it('says what is wrong, with the number to quote, and keeps what was typed', async () => {
    serve({
      'GET /api/session': nobody,
      'POST /api/session': () =>
        refusal(401, 'session.wrong_password', 'the email or the password is wrong', 'req-77'),
    });
    const { user } = renderApp('/sign-in');
    await fill(user, 'wrong');
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The email or the password is wrong.');
    expect(alert).toHaveTextContent('req-77');
    expect(screen.getByLabelText('Email')).toHaveValue('rosa@drover.example');
    expect(screen.getByLabelText('Password')).toHaveValue('wrong');
  });

  it('says how long to wait when there were too many attempts', async () => {
    serve({
      'GET /api/session': nobody,
      'POST /api/session': () => refusal(429, 'session.throttled', 'too many attempts: wait 40 s'),
    });
    const { user } = renderApp('/sign-in');
    await fill(user, 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('Too many attempts: wait 40 s');
  });

  it('asks nothing of the server before both fields are filled', async () => {
    const { asked } = serve({ 'GET /api/session': nobody });
    const { user } = renderApp('/sign-in');
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    expect(screen.getByText('Enter your email address')).toBeVisible();
    expect(asked('POST /api/session')).toHaveLength(0);
  });

  it('leads from a page behind the gate to the sign-in, and back to that page', async () => {
    serve({
      'GET /api/session': nobody,
      'POST /api/session': () => json(sessionOf()),
      'GET /api/overview': overview,
    });
    const { user, history } = renderApp('/t/blue-harbour/people');
    await fill(user, 'right');
    await waitFor(() => expect(history.location.pathname).toBe('/t/blue-harbour/people'));
  });

  it('brings someone whose session has ended to the sign-in and says so', async () => {
    serve({
      'GET /api/session': () => json(sessionOf()),
      'GET /api/overview': () => refusal(401, 'session.over', 'over'),
    });
    const { history } = renderApp('/');
    expect(await screen.findByText(/Your session has ended/)).toBeVisible();
    expect(history.location.pathname).toBe('/sign-in');
  });

  it('does not follow a link to another host', async () => {
    serve({
      'GET /api/session': nobody,
      'POST /api/session': () => json(sessionOf()),
      'GET /api/overview': overview,
    });
    const { user, history } = renderApp('/sign-in?next=%2F%2Fevil.example%2F');
    await fill(user, 'right');
    await waitFor(() => expect(history.location.pathname).toBe('/'));
  });
});

describe('signing out', () => {
  it('forgets what was seen and leads to the sign-in, without a word of an ended session', async () => {
    serve({
      'GET /api/session': () => json(sessionOf()),
      'GET /api/overview': overview,
      'DELETE /api/session': () => new Response(null, { status: 204 }),
    });
    const { user, history, queryClient } = renderApp('/');
    await user.click(await screen.findByRole('button', { name: 'Account of Rosa Lind' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
    await waitFor(() => expect(history.location.pathname).toBe('/sign-in'));
    expect(screen.queryByText(/Your session has ended/)).not.toBeInTheDocument();
    await waitFor(() => expect(queryClient.getQueryData(['overview'])).toBeUndefined());
  });

  it('leads to the sign-in when the session turns out to be over', async () => {
    let over = false;
    serve({ 'GET /api/session': () => (over ? nobody() : json(sessionOf())), 'GET /api/overview': overview });
    const { history, queryClient } = renderApp('/');
    await screen.findByRole('link', { name: 'Blue Harbour' });
    over = true;
    await queryClient.invalidateQueries({ queryKey: ['session'] });
    expect(await screen.findByText(/Your session has ended/)).toBeVisible();
    expect(history.location.pathname).toBe('/sign-in');
  });
});
