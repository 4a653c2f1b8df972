import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { NOW, sessionOf, tenantOf } from '@/testing/fixtures';
import { renderApp } from '@/testing/renderApp';
import { json, serve } from '@/testing/server';

const OMAR = {
  user_id: 9,
  email: 'omar@x.example',
  name: 'Omar',
  role: 'operator',
  invited: false,
  last_sign_in_at: NOW,
  added_at: NOW,
};
const LIST = 'GET /api/tenants/2/people';

describe('the people of a client', () => {
  it('tells a viewer who can grant the sight of it, without asking the server', async () => {
    const { asked } = serve({ 'GET /api/session': () => json(sessionOf({ tenants: [tenantOf('viewer')] })) });
    renderApp('/t/blue-harbour/people');
    expect(
      await screen.findByRole('heading', { name: 'You may not see the people of this client' }),
    ).toBeVisible();
    expect(screen.getByText(/An admin of this client can grant it/)).toBeVisible();
    expect(asked(LIST)).toHaveLength(0);
  });

  it('lets an operator read, and change nothing', async () => {
    serve({
      'GET /api/session': () => json(sessionOf({ tenants: [tenantOf('operator')] })),
      [LIST]: () => json([OMAR]),
    });
    renderApp('/t/blue-harbour/people');
    expect(await screen.findByText('omar@x.example', { selector: 'td' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Add person' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Remove Omar' })).not.toBeInTheDocument();
  });

  it('gives the one-time link of someone new, once', async () => {
    const added = {
      person: { ...OMAR, user_id: 10, name: 'Nia', invited: true },
      invitation_url: 'http://localhost/link/t0ken',
    };
    const { asked } = serve({
      'GET /api/session': () => json(sessionOf()),
      [LIST]: () => json([OMAR]),
      'POST /api/tenants/2/people': () => json(added, 201),
    });
    const { user } = renderApp('/t/blue-harbour/people');
    await user.click(await screen.findByRole('button', { name: 'Add person' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Email'), 'nia@x.example');
    await user.type(within(dialog).getByLabelText('Name'), 'Nia');
    await user.click(within(dialog).getByRole('radio', { name: 'Viewer' }));
    await user.click(within(dialog).getByRole('button', { name: 'Add person' }));
    expect(await screen.findByLabelText('Invitation link')).toHaveValue('http://localhost/link/t0ken');
    expect(asked('POST /api/tenants/2/people')[0]?.body).toEqual({
      email: 'nia@x.example',
      name: 'Nia',
      role: 'viewer',
    });
  });
});
