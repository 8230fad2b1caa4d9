interface Input {
  body?: unknown;
  headers?: unknown;
  path?: unknown;
  query?: unknown;
}

type Member<Key extends keyof Input> = Key extends 'headers' ? 'header' : Key extends 'path' | 'query' ? Key : never;

/** What goes into the address and the headers; what an operation does not have is left out. */
type Parameters<Data extends Input> = {
  [Key in keyof Data as [Data[Key]] extends [never | undefined] ? never : Member<Key & keyof Input>]: Data[Key];
};

type Contents<Bodies> = { [Status in keyof Bodies]: { content: Record<string, Bodies[Status]> } };

/** An operation as the document describes it, made of the generated types. */
export interface Operation<Data extends Input, Responses, Errors> {
  data: Data;
  parameters: Parameters<Data>;
  responses: Contents<Responses> & Contents<Errors>;
  success: Responses[keyof Responses];
  error: Errors[keyof Errors];
}

/** Any of them, as far as a call has to know. */
interface AnyOperation {
  data: Input;
  parameters: object;
  success: unknown;
  error: unknown;
}

type Body<Data extends Input> = [Data['body']] extends [never | undefined]
  ? // biome-ignore lint/complexity/noBannedTypes: nothing to add
    {}
  : Pick<Data, 'body'>;

interface Options extends Omit<RequestInit, 'body' | 'method'> {
  parseAs?: 'arrayBuffer' | 'auto' | 'blob' | 'formData' | 'json' | 'stream' | 'text';
}

/** What a call of an operation takes. */
type Init<Of extends AnyOperation> = Options &
  Body<Of['data']> &
  (Partial<Of['parameters']> extends Of['parameters'] ? { params?: Of['parameters'] } : { params: Of['parameters'] });

/** What it answers: one of the bodies of success, or one of the refusals that the document lists. */
type Answer<Of extends AnyOperation> =
  | { data: Of['success']; error?: never; response: Response }
  | { data?: never; error: Of['error']; response: Response };

type Arguments<Value> = Partial<Value> extends Value ? [init?: Value] : [init: Value];

type Call<Paths, Method extends string> = <Path extends keyof Paths>(
  path: Path & { [P in keyof Paths]: Method extends keyof Paths[P] ? P : never }[keyof Paths],
  ...init: Arguments<Init<Extract<Paths[Path][Method & keyof Paths[Path]], AnyOperation>>>
) => Promise<Answer<Extract<Paths[Path][Method & keyof Paths[Path]], AnyOperation>>>;

/** A call by method and path for each operation. */
export type Calls<Paths> = {
  [Method in 'get' | 'post' | 'put' | 'patch' | 'delete' as Uppercase<Method>]: Call<Paths, Method>;
};
