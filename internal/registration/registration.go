// Package registration is how an account comes to be: what its owner has to give,
// how far they have come, and its activation.
//
// It owns the steps and the states between the first form and an active account.
// The account itself is account's, the payment method payment's.
package registration
