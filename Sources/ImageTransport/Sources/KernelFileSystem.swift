/// File systems that hold what the kernel says, and no files of a root file system (statfs(2)).
enum KernelFileSystem {
    /// proc, sysfs, devpts, cgroup, cgroup2, mqueue, debugfs, tracefs, securityfs, bpf, pstore, efivarfs, binfmt_misc,
    /// hugetlbfs, selinuxfs, and autofs, which mounts only what is asked for.
    static let types: Set<Int64> = [
        0x9FA0, 0x6265_6572, 0x1CD1, 0x0027_E0EB, 0x6367_7270, 0x1980_0202, 0x6462_6720, 0x7472_6163, 0x7363_6673,
        0xCAFE_4A11, 0x6165_676C, 0xDE5E_81E4, 0x4249_4E4D, 0x9584_58F6, 0xF97C_FF8C, 0x0187,
    ]
}
