package access

// UnassignAll takes away every assignment in an account, with the roles that were
// provisioned for them: nobody of the directory gets into it any more.
func UnassignAll(tx Store, accountID string) error {
	all, err := tx.AssignmentsInAccount(accountID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := Unassign(tx, a); err != nil {
			return err
		}
	}
	return nil
}
