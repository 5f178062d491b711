package ssoadmin

// wireError makes a fault of the domain one of the service's exceptions.
func wireError(err error) error { return err }
