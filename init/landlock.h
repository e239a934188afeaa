/* What a Landlock domain takes from the sandbox: reaching out of it by abstract Unix sockets, which
 * no mount namespace holds back and a shared network namespace shows, and by signals. No file
 * access is restricted: mounts do that. */
#pragma once

/* Puts the calling process, and all that it forks, into a domain with these scopes, for good. Needs
 * no_new_privs. Returns 0, or -errno having said why. */
int landlock_scope(void);
