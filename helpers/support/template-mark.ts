/** How the sources in the template begin, so that a template that was not filled in is noticed. */
export const TEMPLATE_MARK = 'TEMPLATE';
