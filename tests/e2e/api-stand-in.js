// A stand-in for the service of Claude Code: the part of the Messages API that one turn needs.
//
//   api-stand-in.js --listen PORT|PATH --command COMMAND --log FILE
//
// Listens on 127.0.0.1 (port 0: any free one) or on a Unix socket, and prints which. The first
// answer of a conversation asks the Bash tool to run COMMAND; once the result has come in, the
// answer is the text "STAND-IN-DONE". FILE gets one line of JSON for each request: method, path,
// key, tools (the names offered), results (the text of tool results), has_notice (whether the sandbox's
// words to the model are among what it is told).
'use strict';

const fs = require('fs');
const http = require('http');

function readOptions(argv) {
  const options = { listen: '0', command: 'true', log: '/dev/null' };

  for (let i = 0; i < argv.length; i += 2) {
    const name = argv[i].replace(/^--/, '');
    if (!(name in options) || argv[i + 1] === undefined)
      throw new Error(`cannot use '${argv[i]}'`);
    options[name] = argv[i + 1];
  }
  return options;
}

function blocksOf(message) {
  return Array.isArray(message.content) ? message.content : [];
}

function textOf(content) {
  if (typeof content === 'string')
    return content;
  return (content || []).map((part) => part.text || '').join('');
}

function resultsOf(body) {
  return (body.messages || [])
    .flatMap(blocksOf)
    .filter((block) => block.type === 'tool_result')
    .map((block) => textOf(block.content));
}

function keyOf(headers) {
  return headers['x-api-key'] || (headers.authorization || '').replace(/^Bearer /, '') || null;
}

// What the answer consists of: a call of the tool, or the text that ends the turn.
function answerTo(body, command) {
  const tools = (body.tools || []).map((tool) => tool.name);

  if (tools.includes('Bash') && resultsOf(body).length === 0)
    return {
      block: { type: 'tool_use', id: 'toolu_01', name: 'Bash', input: {} },
      delta: {
        type: 'input_json_delta',
        partial_json: JSON.stringify({ command, description: 'test' }),
      },
      stopReason: 'tool_use',
    };
  return {
    block: { type: 'text', text: '' },
    delta: { type: 'text_delta', text: 'STAND-IN-DONE' },
    stopReason: 'end_turn',
  };
}

function sendJson(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendStream(response, body, answer) {
  const send = (type, data) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);

  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send('message_start', { message: messageOf(body, [], null) });
  send('content_block_start', { index: 0, content_block: answer.block });
  send('content_block_delta', { index: 0, delta: answer.delta });
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason: answer.stopReason }, usage: { output_tokens: 1 } });
  send('message_stop', {});
  response.end();
}

function messageOf(body, content, stopReason) {
  return {
    id: 'msg_01',
    type: 'message',
    role: 'assistant',
    model: body.model,
    content,
    stop_reason: stopReason,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function handle(request, response, text, options) {
  const body = parse(text);
  const { pathname } = new URL(request.url, 'http://stand-in');

  fs.appendFileSync(options.log, JSON.stringify({
    method: request.method,
    path: pathname,
    key: keyOf(request.headers),
    tools: (body.tools || []).map((tool) => tool.name),
    results: resultsOf(body),
    has_notice: text.includes('You run inside claude-sandbox'),
  }) + '\n');
  if (pathname === '/v1/messages/count_tokens')
    sendJson(response, 200, { input_tokens: 1 });
  else if (pathname !== '/v1/messages')
    sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: pathname } });
  else if (body.stream)
    sendStream(response, body, answerTo(body, options.command));
  else
    sendJson(response, 200, messageOf(body, [{ type: 'text', text: 'ok' }], 'end_turn'));
}

const options = readOptions(process.argv.slice(2));
const server = http.createServer((request, response) => {
  const chunks = [];

  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => handle(request, response, Buffer.concat(chunks).toString(), options));
});

if (/^\d+$/.test(options.listen))
  server.listen(Number(options.listen), '127.0.0.1', () => console.log(server.address().port));
else
  server.listen(options.listen, () => console.log(options.listen));
