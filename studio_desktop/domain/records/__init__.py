"""The frozen records that cross the walls: read by a service, shown by a form, changed into a second one."""
