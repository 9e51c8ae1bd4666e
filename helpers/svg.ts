export type Attributes = Readonly<Record<string, string | number>>;

/** An XML element. Text is escaped; children (an array) are markup that `element` made. */
export function element(name: string, attributes: Attributes, content: string | readonly string[] = []): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`);
  return `<${name}${pairs.join('')}>${typeof content === 'string' ? escape(content) : content.join('')}</${name}>`;
}

/** Text from outside for XML and HTML, also within double quotes. XML has no way to write most control characters at all, so they become visible marks. */
export function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
