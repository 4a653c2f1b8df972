import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { countsOf, sessionOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, refusal, serve } from '@/testing/server';

const LINK = {
  purpose: 'setup',
  email: null,
  name: null,
  has_login: false,
  expires_at: '2099-01-01T00:00:00Z',
};

describe('a one-time link', () => {
  it('asks the first super admin for email, name and password', async () => {
    const { asked } = serve({
      'GET /api/links/abc': () => json(LINK),
      'POST /api/links/abc': () => json(sessionOf()),
      'GET /api/session': () => json(sessionOf()),
      'GET /api/overview': () => json({ tenants: [countsOf()] }),
    });
    const { user, history } = renderApp('/link/abc');
    await user.type(await screen.findByLabelText('Email'), 'root@msp.example');
    await user.type(screen.getByLabelText('Name'), 'Sasha');
    await user.type(screen.getByLabelText('Password'), 'a rather long one');
    await user.type(screen.getByLabelText('Password again'), 'a rather long one');
    await user.click(screen.getByRole('button', { name: 'Create the first login' }));
    await waitFor(() => expect(history.location.pathname).toBe('/'));
    expect(asked('POST /api/links/abc')[0]?.body).toEqual({
      email: 'root@msp.example',
      name: 'Sasha',
      password: 'a rather long one',
    });
  });

  it('refuses a short password before it is sent', async () => {
    const { asked } = serve({
      'GET /api/links/abc': () =>
        json({ ...LINK, purpose: 'invitation', email: 'v@x.example', name: 'Vera' }),
    });
    const { user } = renderApp('/link/abc');
    await user.type(await screen.findByLabelText('Password'), 'short');
    await user.click(screen.getByRole('button', { name: 'Set the password' }));
    expect(screen.getByText('Use at least 12 characters')).toBeVisible();
    expect(asked('POST /api/links/abc')).toHaveLength(0);
  });

  it('says of a used link what to do', async () => {
    serve({
      'GET /api/links/abc': () => refusal(404, 'link.over', 'this link was used, is over, or never was'),
    });
    renderApp('/link/abc');
    expect(await screen.findByRole('heading', { name: 'This link no longer works' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Go to sign in' })).toBeVisible();
  });
});
