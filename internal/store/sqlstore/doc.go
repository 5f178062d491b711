// Package sqlstore keeps everything in SQL: the one implementation of package
// store, with the same statements on SQLite and PostgreSQL (see sqldb), but for one
// that their planners need in two forms.
//
// It owns the schema (migrations, with schema.sql as their sum), the statements,
// the change feed and what expires when. Rules are the domains'; it only holds
// what must hold of rows: names are unique, references exist, a code is taken
// once, what hangs on a deleted thing goes with it.
//
// There is one file for each noun. A write notes its own change keys.
package sqlstore
