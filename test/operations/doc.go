// Package operations holds the whole program to its operation table: every
// operation of IAM and STS, as clients call it, by those who may and by those
// who may not, with the audit trail read afterwards.
//
// It owns the table of what every operation acts on (the rows of rows_*_test.go)
// and the matrix of who may call what (testdata/matrix.golden). What an operation
// does beyond that is tested beside it, in the services.
package operations
