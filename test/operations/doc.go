// Package operations holds the whole program to its operation tables: every
// operation of every service, as clients call it, by those who may and by those
// who may not, with the audit trail read afterwards.
//
// It owns the table of what each operation of IAM and STS acts on (the rows of
// rows_*_test.go), the matrix of who may call what of them (testdata/matrix.golden),
// and the walks of the services that speak JSON (walk_test.go and the tables beside
// it). What an operation does beyond that is tested beside it, in the services.
package operations
