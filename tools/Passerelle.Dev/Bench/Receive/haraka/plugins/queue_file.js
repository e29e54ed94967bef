'use strict';
// One file a mail, on the disk before 250: the duty that ours has. Mail is taken for one address and never delivered on.

const fs = require('node:fs');
const path = require('node:path');

exports.hook_rcpt = function (next, connection, params) {
    const address = `${params[0].user}@${params[0].host}`.toLowerCase();
    next(address === process.env.BENCH_RECIPIENT ? OK : DENY);
};

exports.hook_queue = function (next, connection) {
    const id = connection.transaction.uuid;
    const file = fs.createWriteStream(path.join(process.env.BENCH_QUEUE, id), { flags: 'wx', flush: true });
    file.once('error', () => next(DENYSOFT, 'Not stored'));
    file.once('close', () => next(OK, id)); // flush: fsync comes before close
    connection.transaction.message_stream.pipe(file);
};
