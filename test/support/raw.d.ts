declare module '*?raw' {
  const text: string;
  export default text;
}

interface ImportMeta {
  /** Of Vite, which wants its arguments to be literals. */
  glob<T>(patterns: string | string[], options: { query: string; import: string; eager: true }): Record<string, T>;
  glob(pattern: string): Record<string, () => Promise<unknown>>;
}
