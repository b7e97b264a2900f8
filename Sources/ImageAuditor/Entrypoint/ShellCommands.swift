/// Names of commands that shells have themselves, beside those of POSIX in ``ShellText``.
enum ShellCommands {
    /// Of zsh and its modules (zshbuiltins(1), zshmodules(1)).
    static let ofZsh: Set = [
        "autoload", "bindkey", "bye", "clone", "compadd", "comparguments", "compcall", "compctl", "compdescribe",
        "compfiles", "compgroups", "compquote", "compset", "comptags", "comptry", "compvalues", "default", "dirs",
        "disable", "disown", "echotc", "echoti", "emulate", "enable", "false", "float", "functions", "getcap",
        "getln", "history", "integer", "limit", "log", "noglob", "private", "pushln", "r", "rehash", "sched",
        "setcap", "setopt", "stat", "strftime", "sync", "syserror", "sysopen", "sysread", "sysseek", "syswrite",
        "ttyctl", "unfunction", "unhash", "unlimit", "unsetopt", "vared", "where", "which", "zcompile", "zcurses",
        "zdelattr", "zf_chmod", "zf_ln", "zf_mkdir", "zf_mv", "zf_rm", "zf_rmdir", "zf_sync", "zformat", "zftp",
        "zgetattr", "zle", "zlistattr", "zmodload", "zparseopts", "zprof", "zpty", "zregexparse", "zselect",
        "zsetattr", "zsocket", "zstat", "zstyle", "ztcp",
    ]

    /// Of mksh and ksh93 (mksh(1), "Built-in commands"; ksh93's list of its library).
    static let ofKorn: Set = [
        "basename", "bind", "cat", "chmod", "chown", "cksum", "cmp", "comm", "cp", "cut", "date", "dirname",
        "domainname", "env", "expr", "fds", "fmt", "fold", "getconf", "global", "head", "iconv", "id", "integer",
        "join", "ln", "log", "logname", "ls", "md5sum", "mkdir", "mkfifo", "mknod", "mktemp", "mv", "nameref", "nl",
        "open", "paste", "pathchk", "pids", "printf", "readlink", "realpath", "redirect", "rename", "rev", "rm",
        "rmdir", "sleep", "stty", "sum", "sync", "tail", "tee", "tty", "uname", "uniq", "vmstate", "wc", "which",
    ]

    /// Of programs with many names, whose shells may prefer their own to what the PATH has: busybox where it is built with
    /// FEATURE_SH_STANDALONE or FEATURE_PREFER_APPLETS, as Debian's static one is, and toybox.
    static let ofMulticall: Set = [
        "[", "[[", "acpi", "acpid", "add-shell", "addgroup", "adduser", "adjtimex", "ar", "arch", "arp", "arping",
        "ascii", "ash", "awk", "base32", "base64", "basename", "bc", "beep", "blake2b", "blkdiscard", "blockdev",
        "bootchartd", "brctl", "bunzip2", "busybox", "bzcat", "bzip2", "cal", "cat", "chat", "chattr", "chcon",
        "chgrp", "chmod", "chown", "chpasswd", "chpst", "chroot", "chrt", "chvt", "clear", "cmp", "comm", "conspy",
        "count", "cp", "cpio", "crc32", "crond", "crontab", "cryptpw", "cttyhack", "cut", "date", "dc", "dd",
        "deallocvt", "delgroup", "deluser", "demo_number", "depmod", "devmem", "df", "dhcprelay", "diff", "dirname",
        "dmesg", "dnsdomainname", "dos2unix", "dpkg", "dpkg-deb", "du", "dumpkmap", "dumpleases", "echo", "ed",
        "egrep", "eject", "env", "envdir", "envuidgid", "ether-wake", "expand", "expr", "factor", "fakeidentd",
        "fallocate", "false", "fatattr", "fbset", "fbsplash", "fdflush", "fdformat", "fdisk", "fgconsole", "fgrep",
        "file", "find", "findfs", "flash_eraseall", "flash_lock", "flash_unlock", "flashcp", "flock", "fmt", "fold",
        "free", "freeramdisk", "fsck", "fsck.minix", "fsfreeze", "fstrim", "fsync", "ftpd", "ftpget", "ftpput",
        "fuser", "getenforce", "getfattr", "getopt", "getsebool", "getty", "gpiodetect", "gpiofind", "gpioget",
        "gpioinfo", "gpioset", "grep", "groups", "gunzip", "gzip", "halt", "hd", "hdparm", "head", "hexdump",
        "hexedit", "host", "hostid", "hostname", "httpd", "hush", "hwclock", "i2cdetect", "i2cdump", "i2cget",
        "i2cset", "i2ctransfer", "iconv", "id", "ifconfig", "ifdown", "ifup", "inetd", "init", "inotifyd", "insmod",
        "install", "ionice", "iorenice", "iostat", "iotop", "ip", "ipaddr", "ipcalc", "ipcrm", "ipcs", "iplink",
        "ipneigh", "iproute", "iprule", "iptunnel", "kbd_mode", "kill", "killall", "killall5", "klogd", "last",
        "less", "link", "linux32", "linux64", "linuxrc", "ln", "loadfont", "loadkmap", "logger", "login", "logname",
        "logpath", "logread", "logwrapper", "losetup", "lpd", "lpq", "lpr", "ls", "lsattr", "lsmod", "lsof", "lspci",
        "lsscsi", "lsusb", "lzcat", "lzma", "lzop", "lzopcat", "makedevs", "makemime", "man", "matchpathcon",
        "md5sum", "mdev", "memeater", "mesg", "microcom", "mim", "minips", "mix", "mkdir", "mkdosfs", "mke2fs",
        "mkfifo", "mkfs.ext2", "mkfs.minix", "mkfs.reiser", "mkfs.vfat", "mknod", "mkpasswd", "mkswap", "mktemp",
        "mkudffs", "modinfo", "modprobe", "more", "mount", "mountpoint", "mpstat", "mt", "mv", "nameif", "nanddump",
        "nandwrite", "nbd-client", "nbd-server", "nc", "netcat", "netstat", "nice", "nl", "nmeter", "nohup",
        "nologin", "nproc", "nsenter", "nslookup", "ntpd", "nuke", "od", "oneit", "openvt", "partprobe", "passwd",
        "paste", "patch", "pgrep", "pidof", "ping", "ping6", "pipe_progress", "pivot_root", "pkill", "pmap",
        "popmaildir", "poweroff", "powertop", "printf", "ps", "pscan", "pstree", "pwd", "pwdx", "pwgen",
        "raidautorun", "rdate", "readahead", "readlink", "readprofile", "realpath", "reboot", "reformime",
        "remove-shell", "renice", "reset", "resize", "restorecon", "resume", "rev", "rfkill", "rm", "rmdir", "rmmod",
        "route", "rpm", "rpm2cpio", "rtcwake", "run-init", "run-parts", "runcon", "runlevel", "runsv", "runsvdir",
        "rx", "script", "scriptreplay", "sed", "seedrng", "selinuxenabled", "sendmail", "seq", "sestatus", "setarch",
        "setconsole", "setenforce", "setfattr", "setfiles", "setfont", "setkeycodes", "setlogcons", "setpriv",
        "setsebool", "setserial", "setsid", "setuidgid", "sh", "sha1sum", "sha224sum", "sha256sum", "sha384sum",
        "sha3sum", "sha512sum", "showkey", "shred", "shuf", "skeleton", "slattach", "sleep", "smemcap", "sntp",
        "softlimit", "sort", "split", "ssl_client", "start-stop-daemon", "stat", "strings", "stty", "su", "sulogin",
        "sum", "sv", "svc", "svlogd", "svok", "swapoff", "swapon", "switch_root", "sync", "sysctl", "syslogd", "tac",
        "tail", "tar", "taskset", "tc", "tcpsvd", "tee", "telinit", "telnet", "telnetd", "test", "tftp", "time",
        "timeout", "top", "touch", "toybox", "tr", "traceroute", "traceroute6", "tree", "true", "truncate", "ts",
        "tty", "ttysize", "tunctl", "ubiattach", "ubidetach", "ubimkvol", "ubirename", "ubirmvol", "ubirsvol",
        "ubiupdatevol", "uclampset", "udhcpc", "udhcpc6", "udhcpd", "udpsvd", "uevent", "ulimit", "umount", "uname",
        "uncompress", "unexpand", "unicode", "uniq", "unix2dos", "unlink", "unlzma", "unlzop", "unshare", "unxz",
        "unzip", "uptime", "users", "usleep", "uudecode", "uuencode", "vconfig", "vi", "vlock", "vmstat", "volname",
        "w", "wall", "watch", "watchdog", "wc", "wget", "which", "who", "whoami", "whois", "xargs", "xxd", "xz",
        "xzcat", "yes", "zcat", "zcip",
    ]
}
