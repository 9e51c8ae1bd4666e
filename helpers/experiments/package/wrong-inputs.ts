import { messageOf } from '../../errors.ts';
import { sampleRequest } from '../../deliverables/sample-request.ts';
import { askJsonText, httpError } from '../../serving/json-http.ts';
import { EncodingError, ServingError } from '../../serving/errors.ts';
import type { ServingClient } from '../../serving/client.ts';
import type { Refusal } from '../../serving/package-fact.ts';
import type { Fields } from '../../serving/tensors.ts';
import type { TensorValue } from '../../target/model/samples.ts';
import type { ModelDeclaration } from '../../target/model/schema.ts';

/** An input that the model must not take, and how it is sent. */
interface WrongInput {
  what: string;
  send: (client: ServingClient) => Promise<unknown>;
}

/** What a server does with inputs that are wrong, one after the other. @param http address of its port of HTTP, where it has one. */
export async function refusalsOf(
  model: ModelDeclaration,
  client: ServingClient,
  http: string | undefined,
): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { what, send } of wrongInputs(model, http)) refusals.push({ what, ...(await outcomeOf(send(client))) });
  return refusals;
}

async function outcomeOf(sent: Promise<unknown>): Promise<Omit<Refusal, 'what'>> {
  try {
    return { outcome: 'answered', message: JSON.stringify(await sent) };
  } catch (thrown) {
    if (thrown instanceof EncodingError) return { outcome: 'unsendable', message: thrown.message };
    const refused = thrown instanceof ServingError && thrown.failure === 'refused';
    return { outcome: refused ? 'refused' : 'failed', message: messageOf(thrown) };
  }
}

function wrongInputs(model: ModelDeclaration, http: string | undefined): WrongInput[] {
  const { input = {} } = model.samples[0] ?? {};
  const tooMany = Array.from({ length: model.serving.maxBatch + 1 }, () => input);
  return [
    { what: 'a wrong shape', send: (client) => client.predict(shorter(input)) },
    { what: 'a text for a number', send: (client) => client.predict(firstValue(input, () => 'a text')) },
    { what: 'no fields', send: (client) => client.predict({}) },
    { what: 'NaN', send: (client) => sendNaN(model, client, input, http) },
    { what: 'an empty batch', send: (client) => client.predictBatch([]) },
    { what: `a batch of ${String(tooMany.length)}`, send: (client) => client.predictBatch(tooMany) },
  ];
}

/** JSON has no NaN, and yet clients of a careless language send it: so it is written into the text. */
async function sendNaN(
  model: ModelDeclaration,
  client: ServingClient,
  input: Fields,
  http: string | undefined,
): Promise<unknown> {
  const mark = 987_654_321;
  const request = sampleRequest(model, { input: firstValue(input, () => mark) });
  if (http === undefined || request === undefined) return client.predict(firstValue(input, () => Number.NaN));
  const text = JSON.stringify(request.body).replace(String(mark), 'NaN');
  const answer = await askJsonText(`http://${http}${request.path}`, model.serving.deadlineMs, text);
  if (answer.status >= 400) throw httpError(answer);
  return answer.body;
}

function firstValue(input: Fields, change: () => TensorValue): Fields {
  const [first, ...others] = Object.entries(input);
  if (first === undefined) return {};
  return Object.fromEntries([[first[0], replaced(first[1], change)], ...others]);
}

function replaced(value: TensorValue, change: () => TensorValue): TensorValue {
  if (!Array.isArray(value)) return change();
  const [first, ...others] = value;
  return first === undefined ? [] : [replaced(first, change), ...others];
}

/** One value fewer in the first field that is a list; a list where there is none. */
function shorter(input: Fields): Fields {
  const [first, ...others] = Object.entries(input);
  if (first === undefined) return {};
  const [name, value] = first;
  return Object.fromEntries([[name, Array.isArray(value) ? value.slice(0, -1) : [value]], ...others]);
}
