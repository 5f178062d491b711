// Package payment is how an account pays: its payment methods, of which only the
// brand and the last four digits are kept, and the gateway that verifies a card
//
package payment
