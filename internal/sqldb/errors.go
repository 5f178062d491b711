package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"sekisho/internal/fault"
)

// driverError is a driver's error whose text is known to hold no values. The
// driver's own error is still in the chain, for errors.As.
type driverError struct {
	query string // statement text, without arguments
	text  string
	cause error
}

func (e *driverError) Error() string {
	if e.query == "" {
		return "sqldb: " + e.text
	}
	return "sqldb: " + e.text + " in " + e.query
}

func (e *driverError) Unwrap() error { return e.cause }

// maxQueryInError bounds the statement text in an error, in bytes.
const maxQueryInError = 160

// clip puts a statement on one line of bounded length.
func clip(query string) string {
	q := strings.Join(strings.Fields(query), " ")
	if len(q) > maxQueryInError {
		q = strings.ToValidUTF8(q[:maxQueryInError], "") + "…"
	}
	return q
}

// translate makes a driver's error a fault, or an internal error if it is
// nothing that is expected to happen.
func translate(query string, err error) error {
	if _, ok := fault.As(err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fromContext(err)
	}
	e := &driverError{query: clip(query), cause: err}
	if se, ok := errors.AsType[*sqlite.Error](err); ok {
		return fromSQLite(se, e)
	}
	if pe, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fromPostgres(pe, e)
	}
	if err.Error() == "sql: database is closed" { // database/sql exports no value for it
		return errClosed
	}
	if unreachable(err) {
		// Addresses and the names of user and database; pgx leaves passwords out.
		e.text = "connection failed: " + err.Error()
		return fault.New(fault.Unavailable, "connection", "").Wrap(e)
	}
	e.text = valueFree(err)
	return e
}

// fromContext says that a transaction was given up because of its context.
func fromContext(err error) error {
	reason := "cancelled"
	if errors.Is(err, context.DeadlineExceeded) {
		reason = "timeout"
	}
	return fault.New(fault.Unavailable, reason, "").Wrap(err)
}

// fromSQLite goes by the extended result code. SQLite's messages name tables,
// columns and statements, never bound values.
func fromSQLite(err *sqlite.Error, e *driverError) error {
	e.text = err.Error()
	switch err.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return fault.New(fault.AlreadyExists, sqliteKey(e.text), "").Wrap(e)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.New(fault.Conflict, "foreign-key", "").Wrap(e)
	}
	switch err.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.New(fault.Unavailable, "busy", "").Wrap(e)
	case sqlite3.SQLITE_FULL:
		return fault.New(fault.Unavailable, "full", "").Wrap(e)
	case sqlite3.SQLITE_READONLY:
		return fault.New(fault.Unavailable, "read-only", "").Wrap(e)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM:
		return fault.New(fault.Unavailable, "file", "").Wrap(e)
	case sqlite3.SQLITE_INTERRUPT:
		return fault.New(fault.Unavailable, "cancelled", "").Wrap(e)
	}
	return e
}

// sqliteKey reads the violated key from "… UNIQUE constraint failed:
// users.account, users.name (2067)" or "… failed: index 'users_lower' (2067)".
func sqliteKey(text string) string {
	_, s, ok := strings.Cut(text, "constraint failed: ")
	if _, t, more := strings.Cut(s, "constraint failed: "); more {
		s = t
	}
	if !ok {
		return ""
	}
	if i := strings.LastIndex(s, " ("); i >= 0 {
		s = s[:i]
	}
	if name, isIndex := strings.CutPrefix(s, "index '"); isIndex {
		return strings.TrimSuffix(name, "'")
	}
	var table string
	var columns []string
	for part := range strings.SplitSeq(s, ", ") {
		t, column, _ := strings.Cut(part, ".")
		table, columns = t, append(columns, column)
	}
	return table + "(" + strings.Join(columns, ",") + ")"
}

// fromPostgres goes by SQLSTATE. Messages of data exceptions quote values, so
// the text is made of the code and names only, save for the classes whose
// messages speak of statements and servers.
func fromPostgres(err *pgconn.PgError, e *driverError) error {
	e.text = "SQLSTATE " + err.Code
	class := err.Code[:min(2, len(err.Code))]
	switch class {
	case "08", "0A", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "XX":
		e.text += ": " + err.Message
	default:
		for _, name := range []string{err.TableName, err.ColumnName, err.ConstraintName} {
			if name != "" {
				e.text += " " + name
			}
		}
	}
	switch err.Code {
	case "23505":
		return fault.New(fault.AlreadyExists, postgresKey(err), "").Wrap(e)
	case "23503", "23001":
		return fault.New(fault.Conflict, "foreign-key", "").Wrap(e)
	case "22021", "22P05":
		return fault.New(fault.Invalid, "text", "").Wrap(e)
	case "40001", "40P01":
		return fault.New(fault.Unavailable, "contention", "").Wrap(e)
	case "55P03":
		return fault.New(fault.Unavailable, "busy", "").Wrap(e)
	case "57014":
		return fault.New(fault.Unavailable, "timeout", "").Wrap(e)
	case "53100":
		return fault.New(fault.Unavailable, "full", "").Wrap(e)
	case "25006": // a standby, after a failover
		return fault.New(fault.Unavailable, "read-only", "").Wrap(e)
	}
	switch class {
	case "08", "28", "3D", "53", "57", "58":
		return fault.New(fault.Unavailable, "connection", "").Wrap(e)
	}
	return e
}

// postgresKey reads the columns from "Key (account, name)=(…) already exists.",
// of which only the part before "=" may be kept.
func postgresKey(err *pgconn.PgError) string {
	_, s, _ := strings.Cut(err.Detail, "(")
	columns, _, ok := strings.Cut(s, ")=(")
	if !ok || strings.ContainsAny(columns, "()") {
		return err.ConstraintName
	}
	return err.TableName + "(" + strings.ReplaceAll(columns, ", ", ",") + ")"
}

// unreachable says whether err is about the connection, not the statement.
func unreachable(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connect) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.HasSuffix(err.Error(), "conn closed")
}

// valueFree describes an error of database/sql or pgx without the value that
// it complains about, which these put after the position.
func valueFree(err error) string {
	text := err.Error()
	for _, prefix := range []string{"sql: Scan error on column index ", "failed to encode args["} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			position, _, _ := strings.Cut(rest, ": ")
			return prefix + position
		}
	}
	if strings.HasPrefix(text, "sql: expected ") { // numbers of arguments or destinations
		return text
	}
	return fmt.Sprintf("driver error of type %T", err)
}
