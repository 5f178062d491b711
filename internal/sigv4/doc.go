// Package sigv4 is the server side of AWS Signature Version 4: it finds the
// signature of a request, says whose key, which scope and which moment it
// claims, and decides whether the key of that caller made it.
//
// It owns the grammar of the Authorization header and of the presigned query
// string, canonicalisation, the clock and scope rules, key derivation, and the
// words AWS uses when one of them fails. It leaves to others who the access key
// belongs to, whether a session token is genuine and belongs to that key, what
// the caller may do, and how an [Error] looks in each wire protocol.
//
// The stages are apart because the gateway looks up the key between them, in
// the order that AWS is seen to use (time and scope before key, key before
// signature):
//
//	sig, err := sigv4.Parse(&req)               // MissingAuthenticationToken, IncompleteSignature, …
//	err = sig.CheckTime(now, 15*time.Minute)    // SignatureDoesNotMatch
//	err = sig.CheckScope("sts")                 // SignatureDoesNotMatch
//	… look up sig.AccessKeyID, open sig.SecurityToken …
//	key := keys.Derive(secret, sig.Date, sig.Region, sig.Service)
//	err = sig.Verify(key, sigv4.HashPayload(body))
//
// All three checks are needed; Verify alone says nothing about freshness.
//
// # What is accepted
//
// Clients disagree in small ways about what they sign, and every AWS SDK must
// be able to call. A request verifies if its signature is right for the
// documented canonical form, or for one of these, each of which still covers
// all that the documented form covers:
//
//   - The path and the tabs in header values as they were sent. The Go SDK
//     neither removes dot segments and double slashes nor folds tabs; botocore
//     and the JavaScript SDK do. Route by [NormalizePath], so that every
//     spelling that one signature covers reaches the same operation.
//   - A presigned URL without its X-Amz-Security-Token, for signers that append
//     the token after signing. The token is authenticated by itself: it decides
//     the secret with which the signature must have been made.
//   - A presigned URL over UNSIGNED-PAYLOAD instead of the hash of an empty
//     body, when the body is empty.
//
// Two query strings that decode to the same names and values are the same
// query: order between different names, hexadecimal case, "+" for a space and
// needless escapes carry no meaning and do not change the signature.
//
// The package is pure: no I/O, no clock, no global mutable state, no net/http.
package sigv4
