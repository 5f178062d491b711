package ssodirectory

import (
	"sekisho/internal/call"
	"sekisho/internal/fault"
)

// codes are the exceptions of the service by kind of fault; all are answered 400.
var codes = map[fault.Kind]string{
	fault.Invalid: "ValidationException", fault.NotFound: "ResourceNotFoundException", fault.AlreadyExists: "ConflictException",
	fault.Conflict: "ConflictException", fault.Limit: "ConflictException", fault.Expired: "ConflictException",
	fault.Throttled: "ThrottlingException", fault.Denied: "AccessDeniedException",
}

// wireError puts a fault into the service's terms. Other errors pass as they are.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok || codes[f.Kind] == "" {
		return err
	}
	return &call.Error{Code: codes[f.Kind], Message: f.Public, Status: 400}
}
