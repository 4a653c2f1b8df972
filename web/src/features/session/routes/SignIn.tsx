import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { FormError } from '@/components/ui/FormError';
import { useTitle } from '@/lib/useTitle';
import { useSignIn } from '../api/signIn';
import { Gate } from '../components/Gate';
import classes from '../components/Gate.module.css';

const route = getRouteApi('/sign-in');

export function SignIn() {
  useTitle('Sign in');
  const { next, expired } = route.useSearch();
  const router = useRouter();
  const signIn = useSignIn();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : 'Enter your email address'),
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  });
  const submit = form.onSubmit(({ email, password }) =>
    signIn.mutate({ email: email.trim(), password }, { onSuccess: () => router.history.push(next ?? '/') }),
  );
  return (
    <Gate title="Sign in">
      {expired === true && !signIn.isError && (
        <div role="status" className={classes.notice}>
          Your session has ended. Sign in to go on where you were.
        </div>
      )}
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          {...form.getInputProps('password')}
        />
        <FormError error={signIn.error} />
        <Button type="submit" fullWidth loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </Gate>
  );
}
