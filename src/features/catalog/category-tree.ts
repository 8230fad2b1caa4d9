interface Node {
  id: number;
  parent_id: number | null;
}

export type Nested<N extends Node> = N & { children: Nested<N>[] };

/** Nests each node below its parent, siblings in input order. A node without its parent in the list is a root. */
export function nest<N extends Node>(nodes: readonly N[]): Nested<N>[] {
  const byId = new Map(nodes.map((node): [number, Nested<N>] => [node.id, { ...node, children: [] }]));
  const roots: Nested<N>[] = [];
  for (const node of byId.values()) {
    const parent = node.parent_id === null ? undefined : byId.get(node.parent_id);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}
