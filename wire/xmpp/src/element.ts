/** A node of a stanza's tree: text (already unescaped) or an element. */
export type Node = Element | string;

/**
 * An element of a stanza. Its namespace is explicit; prefixes are the serializer's business. Attributes are keyed by
 * their local name, or by `{namespace}local` when they stand in a namespace of their own (as `xml:lang` does).
 */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
}

/** An element; attributes with the value `undefined` are left out. */
export function element(
  name: string,
  namespace: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly Node[] = [],
): Element {
  const kept: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) kept[key] = value;
  return { name, namespace, attributes: kept, children };
}

/** The element's children that are elements. */
export function childElements(parent: Element): readonly Element[] {
  return parent.children.filter((child) => typeof child !== 'string');
}

/** The first child element of this name and namespace. */
export function child(parent: Element, name: string, namespace: string): Element | undefined {
  return childElements(parent).find((one) => one.name === name && one.namespace === namespace);
}

/** The text directly inside the element. */
export function text(parent: Element): string {
  return parent.children.filter((one) => typeof one === 'string').join('');
}

/** Whether `one` is the element `name` of `namespace`. */
export function is(one: Element, name: string, namespace: string): boolean {
  return one.name === name && one.namespace === namespace;
}
