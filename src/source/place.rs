//! What kind of file system a file lies on.

use std::fs::File;

/// Whether the size of a file can be relied on, and its pages mapped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// A disk or memory of this machine.
    Local,
    /// Another machine or another process: a page may fail to come at any
    /// time, for any reason, so nothing is mapped.
    Remote,
    /// Made up by the kernel as it is read: sizes mean nothing.
    Pseudo,
}

impl Place {
    /// Where this file lies; local if that cannot be found out.
    #[cfg(target_os = "linux")]
    pub(super) fn of(file: &File) -> Place {
        // The magic numbers are 32 bits wide; the field's type is not the
        // same everywhere.
        #[allow(
            clippy::cast_sign_loss,
            clippy::unnecessary_cast,
            clippy::useless_conversion,
            reason = "the field's type depends on the architecture"
        )]
        rustix::fs::fstatfs(file).map_or(Place::Local, |stat| Place::from_magic(stat.f_type as u32))
    }

    /// Where this file lies; local if that cannot be found out.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(_file: &File) -> Place {
        Place::Local
    }

    /// By the numbers of linux/magic.h and statfs(2).
    #[cfg(target_os = "linux")]
    fn from_magic(magic: u32) -> Place {
        match magic {
            0x9fa0          // proc
            | 0x6265_6572   // sysfs
            | 0x0027_e0eb   // cgroup
            | 0x6367_7270   // cgroup2
            | 0x6462_6720   // debugfs
            | 0x7472_6163   // tracefs
            | 0x7363_6673   // securityfs
            | 0x6265_6570   // configfs
            | 0xcafe_4a11   // bpf
            | 0x6165_676c   // pstore
            | 0xde5e_81e4   // efivarfs
            | 0xf97c_ff8c   // selinux
            | 0x4341_5d53   // smack
            | 0x4249_4e4d   // binfmt_misc
            | 0x6573_5543   // fusectl
            | 0x1980_0202   // mqueue
            | 0x0765_5821   // resctrl
                => Place::Pseudo,
            0x6969          // nfs
            | 0x517b        // smb
            | 0xff53_4d42   // cifs
            | 0xfe53_4d42   // smb2
            | 0x6573_5546   // fuse
            | 0x0102_1997   // 9p
            | 0x5346_414f   // afs
            | 0x6b41_4653   // afs of the kernel
            | 0x00c3_6400   // ceph
            | 0x7375_7245   // coda
            | 0x564c        // ncp
            | 0x0bd0_0bd0   // lustre
            | 0x4750_4653   // gpfs
            | 0x1983_0326   // beegfs
            | 0xaad7_aaea   // panfs
            | 0x7461_636f   // ocfs2
            | 0x0116_1970   // gfs2
            | 0xbacb_acbc   // vmhgfs
            | 0x786f_4256   // vboxsf
            | 0x7c7c_6673   // prl_fs
                => Place::Remote,
            _ => Place::Local,
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn file_systems_of_this_machine() {
        for (path, want) in [
            ("/proc/self/status", Place::Pseudo),
            ("/proc/cpuinfo", Place::Pseudo),
            ("/sys/kernel/mm/transparent_hugepage/enabled", Place::Pseudo),
        ] {
            if let Ok(file) = File::open(path) {
                assert_eq!(Place::of(&file), want, "{path}");
            }
        }
        let own = std::env::current_exe().unwrap();
        assert_ne!(Place::of(&File::open(own).unwrap()), Place::Pseudo);
    }

    #[test]
    fn network_file_systems_are_remote() {
        for magic in [0x6969, 0xff53_4d42, 0x6573_5546, 0x0102_1997] {
            assert_eq!(Place::from_magic(magic), Place::Remote, "{magic:x}");
        }
        for (name, magic) in [
            ("ext4", 0xef53),
            ("xfs", 0x5846_5342),
            ("btrfs", 0x9123_683e),
            ("tmpfs", 0x0102_1994),
            ("overlay", 0x794c_7630),
        ] {
            assert_eq!(Place::from_magic(magic), Place::Local, "{name}");
        }
    }
}
