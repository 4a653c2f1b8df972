import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { LinkButton } from '@/components/ui/LinkButton';
import type { Schema } from '@/api/client';
import { asApiError } from '@/api/errors';
import { Bone, Loading } from '@/components/ui/Bone';
import { FormError } from '@/components/ui/FormError';
import { showFieldErrors } from '@/lib/fieldErrors';
import { formatMoment } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import { useTitle } from '@/lib/useTitle';
import { linkQuery } from '../api/getLink';
import { useSpendLink } from '../api/spendLink';
import { Gate } from '../components/Gate';
import classes from '../components/Gate.module.css';

const route = getRouteApi('/link/$token');

/** A one-time link: the first super admin's set-up, or an invitation. */
export function OneTimeLink() {
  useTitle('Welcome');
  const { token } = route.useParams();
  const link = useQuery(linkQuery(token));
  if (link.isPending) {
    return (
      <Gate title="One moment">
        <Loading label="Checking the link">
          <div className={classes.form}>
            <Bone height={52} />
            <Bone height={52} />
            <Bone height={32} />
          </div>
        </Loading>
      </Gate>
    );
  }
  if (link.isError) return <DeadLink error={link.error} onRetry={() => void link.refetch()} />;
  return <LinkForm token={token} link={link.data} />;
}

function DeadLink({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { status } = asApiError(error);
  const dead = status === 404 || status === 410;
  return (
    <Gate
      title={dead ? 'This link no longer works' : 'The link could not be checked'}
      lead={
        dead
          ? 'It was used already, or its time is over. Ask the person who sent it for a new one; if you have set your password before, just sign in.'
          : undefined
      }
    >
      <div className={classes.form}>
        <FormError error={error} />
        {!dead && <Button onClick={onRetry}>Try again</Button>}
        <LinkButton variant="default" to="/sign-in">
          Go to sign in
        </LinkButton>
      </div>
    </Gate>
  );
}

function passwordProblem(value: string, known: boolean) {
  if (known) return value === '' ? 'Enter your password' : null;
  return value.length < 12 ? 'Use at least 12 characters' : null;
}

function leadOf(link: Schema<'LinkInfo'>) {
  const login = link.email ?? 'your login';
  if (link.purpose === 'setup')
    return 'You become the first super admin: you make clients and invite people.';
  return link.has_login ? `Enter the password of ${login} to join.` : `Choose a password for ${login}.`;
}

function buttonOf(link: Schema<'LinkInfo'>) {
  if (link.purpose === 'setup') return 'Create the first login';
  return link.has_login ? 'Join' : 'Set the password';
}

function LinkForm({ token, link }: { token: string; link: Schema<'LinkInfo'> }) {
  const setup = link.purpose === 'setup';
  // Somebody who has a login already proves it; the link alone opens nothing of theirs.
  const known = link.has_login;
  const spend = useSpendLink(token);
  const navigate = useNavigate();
  const nowMs = useNow();
  const form = useForm({
    initialValues: { email: link.email ?? '', name: link.name ?? '', password: '', again: '' },
    validate: {
      email: (value) =>
        !setup || /^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : 'Enter your email address',
      name: (value) => (!known && value.trim() === '' ? 'Enter your name' : null),
      password: (value) => passwordProblem(value, known),
      again: (value, values) => (known || value === values.password ? null : 'The two passwords differ'),
    },
  });
  const submit = form.onSubmit(({ email, name, password }) =>
    spend.mutate(
      {
        ...(setup ? { email: email.trim() } : {}),
        name: name.trim() === '' ? (link.email ?? '') : name.trim(),
        password,
      },
      {
        onSuccess: () => void navigate({ to: '/' }),
        onError: (error) =>
          showFieldErrors(form, error, { email: 'email', name: 'name', password: 'password' }),
      },
    ),
  );
  return (
    <Gate
      title={setup ? 'Set up Drover' : 'Welcome to Drover'}
      lead={
        <>
          {leadOf(link)} This link works once, until {formatMoment(link.expires_at, nowMs)}.
        </>
      }
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        {setup && (
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            autoFocus
            {...form.getInputProps('email')}
          />
        )}
        {!known && <TextInput label="Name" autoComplete="name" {...form.getInputProps('name')} />}
        <PasswordInput
          label="Password"
          description={
            known ? undefined : 'At least 12 characters. Length beats symbols: a short sentence is good.'
          }
          autoComplete={known ? 'current-password' : 'new-password'}
          {...form.getInputProps('password')}
        />
        {!known && (
          <PasswordInput
            label="Password again"
            autoComplete="new-password"
            {...form.getInputProps('again')}
          />
        )}
        <FormError error={spend.error} />
        <Button type="submit" fullWidth loading={spend.isPending}>
          {buttonOf(link)}
        </Button>
      </form>
    </Gate>
  );
}
