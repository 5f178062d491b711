// Package sqldb runs SQL on SQLite or PostgreSQL so that the caller need not
// know which: one statement text, one transaction shape, one set of error
// kinds. It owns drivers, connections, placeholders, transactions and their
// repetition, the translation of driver errors into package fault, and the
// running of migration files. It knows no tables.
//
// # One SQL text for both engines
//
//   - Placeholders are "?". They are rewritten for PostgreSQL, outside quotes
//     and comments.
//   - Column types are TEXT, BIGINT and BLOB. Booleans are BIGINT 0 or 1, times
//     are BIGINT microseconds (see [Micros]), JSON is TEXT.
//   - TEXT compares and sorts by bytes on both: migration files are read with
//     TEXT as TEXT COLLATE "C" and BLOB as BYTEA for PostgreSQL (see
//     [DB.Migrate]). LIKE is case-sensitive on both.
//   - NULL sorts differently by default: say NULLS FIRST or NULLS LAST.
//   - The first statement that fails ends its transaction on both engines, as
//     PostgreSQL has it: later statements return the same error and nothing is
//     committed, whatever the function returns. To try without failing, use
//     ON CONFLICT. A query without rows is no failure.
//   - Pass text as string and bytes as []byte; SQLite would keep a []byte in a
//     TEXT column as a blob, which equals no text.
//
// # Errors
//
// Expected failures are *fault.Error without public words, because only the
// caller knows what the tables mean:
//
//	AlreadyExists  unique or primary key; Reason is "table(column,column)", or
//	               the index's name where the key is an expression
//	Conflict       foreign key; Reason is "foreign-key"
//	NotFound       no row; Reason is "no-rows"
//	Invalid        text that a database cannot hold (a NUL byte); Reason "text"
//	Unavailable    busy, contended, timed out, cancelled, full, unreachable;
//	               Reason tells which
//
// Anything else is a defect and stays an internal error. No error's text holds
// a query's arguments or a row's values.
package sqldb
