export const sessionKeys = {
  session: ['session'] as const,
  link: (token: string) => ['link', token] as const,
};
