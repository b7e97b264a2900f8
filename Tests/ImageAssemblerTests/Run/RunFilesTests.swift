import Testing

@testable import ImageAssembler

/// What the commands do to files (docs/run.md, "The commands").
@Suite struct RunFilesTests {
    @Test(
        arguments: [
            ("mkdir /a", "a", "0755 0:0 directory"),
            ("mkdir -p /a/b/c && chmod 700 /a/b", "a/b", "0700 0:0 directory"),
            ("mkdir -pm 1777 /a/b", "a/b", "1777 0:0 directory"),
            ("mkdir -pm 2750 /a/b", "a/b", "2750 0:0 directory"),
            ("mkdir -p /bin /tmp/x", "tmp/x", "0755 0:0 directory"),
            ("touch /a && chmod u=rwx,go=rx /a", "a", "0755 0:0 file "),
            ("touch /a && chmod +x /a", "a", "0755 0:0 file "),
            ("touch /a && chmod a-r /a", "a", "0200 0:0 file "),
            ("mkdir /a && touch /a/b && chmod -R g+w,o-rx /a", "a/b", "0660 0:0 file "),
            ("touch /a && chown 5 /a", "a", "0644 5:0 file "),
            ("touch /a && chown 5:6 /a", "a", "0644 5:6 file "),
            ("touch /a && chown root:users /a", "a", "0644 0:100 file "),
            ("touch /a && chgrp 7 /a", "a", "0644 0:7 file "),
            ("touch /a && chmod 6755 /a && chown 1:1 /a", "a", "0755 1:1 file "),
            ("touch /a && chmod 2640 /a && chown 1:1 /a", "a", "2640 1:1 file "),
            ("mkdir -p /a/b && ln -s ../x /a/l && chown -R 3:4 /a", "a/l", "0777 3:4 -> ../x"),
            ("[ \u{E9} = e\u{301} ] || touch /a", "a", "0644 0:0 file "),
            ("[ \u{E9} != e\u{301} ] && touch /a", "a", "0644 0:0 file "),
            (
                "printf 'u3:x:7:8:::\\r\\nu4:x:9:9:::\\r\\n' >> /etc/passwd && touch /a && chown u3 /a", "a",
                "0644 7:0 file "
            ),
            ("ln -s /x /l", "l", "0777 0:0 -> /x"),
            ("ln -s /x /tmp", "tmp/x", "0777 0:0 -> /x"),
            ("ln -s a /l && ln -sf b /l", "l", "0777 0:0 -> b"),
            ("ln -s /tmp /l && ln -sfn /home /l", "l", "0777 0:0 -> /home"),
            ("echo a b > /f", "f", "0644 0:0 file a b\n"),
            ("echo -n a > /f && echo b >> /f", "f", "0644 0:0 file ab\n"),
            ("printf '%s=%s\\n' a 1 b 2 > /f", "f", "0644 0:0 file a=1\nb=2\n"),
            ("printf 'a\\tb' > /f && cat /f /f > /g", "g", "0644 0:0 file a\tba\tb"),
            ("touch /f && chmod 600 /f && echo x > /f", "f", "0600 0:0 file x\n"),
            ("install -d -m 750 -o 5 -g 6 /a/b", "a/b", "0750 5:6 directory"),
            ("echo x > /f && install -Dm 600 /f /q/r/s", "q/r/s", "0600 0:0 file x\n"),
            ("install -d /q && echo x > /f && install /f /q", "q/f", "0755 0:0 file x\n"),
            ("mkdir /a && chmod g+s /a && chgrp 9 /a && mkdir /a/b", "a/b", "2755 0:9 directory"),
            ("set -eux; mkdir /a; : ; true", "a", "0755 0:0 directory"),
            ("mkdir /a || exit 1", "a", "0755 0:0 directory"),
            ("mkdir -p /a >/dev/null 2>&1 && /bin/touch /a/b", "a/b", "0644 0:0 file "),
            ("mkdir /a && cd /a && touch b && cd / && chmod 600 a/b", "a/b", "0600 0:0 file "),
            ("cat <<E > /f\na\nE\nchmod 600 /f", "f", "0600 0:0 file a\n"),
            ("printf 'a\\r\\n' > /f", "f", "0644 0:0 file a\r\n"),
            ("mkdir /a && touch /a/b.sh /a/c.sh /a/.d.sh && chmod 700 /a/*.sh", "a/c.sh", "0700 0:0 file "),
            ("mkdir /a && touch /a/b.sh /a/c.sh /a/.d.sh && chmod 700 /a/*.sh", "a/.d.sh", "0644 0:0 file "),
            ("mkdir -p /a/b /a/c && touch /a/b/x && rm -rf /a/?/x /none/*/x || true", "a/b", "0755 0:0 directory"),
            ("mkdir /a && cd /a && touch b c && cat b c > d && echo * > /f", "f", "0644 0:0 file b c d\n"),
            ("echo x > /f && chmod 666 /f && chown 5:6 /f && cp /f /g", "g", "0644 0:0 file x\n"),
            ("echo x > /f && chmod 666 /f && chown 5:6 /f && cp -p /f /tmp/", "tmp/f", "0666 5:6 file x\n"),
            ("echo x > /f && touch /g && chmod 600 /g && cp /f /g", "g", "0600 0:0 file x\n"),
            ("echo x > /f && chmod 4755 /f && chown 5 /f && mv /f /tmp", "tmp/f", "0755 5:0 file x\n"),
            ("echo x > /f && echo y > /g && mv -f /f /g", "g", "0644 0:0 file x\n"),
            ("ln -s /f /l && mv /l /m", "m", "0777 0:0 -> /f"),
            ("mkdir -p /a/b && touch /a/b/c && chown 5 /a/b && mv /a /tmp", "tmp/a/b", "0755 5:0 directory"),
            ("mkdir /a && mv /a/ /b/", "b", "0755 0:0 directory"),
            ("mkdir -p /a/b && echo x > /a/b/c && chmod 666 /a/b/c && cp -r /a /d", "d/b/c", "0644 0:0 file x\n"),
            ("mkdir -p /a/b && chown 5:6 /a/b && chmod 700 /a/b && cp -a /a/. /d", "d/b", "0700 5:6 directory"),
            ("mkdir -p /a/b /d && cp -R /a /d && cp -r /a/b /a/../a /d/a", "d/a/a/b", "0755 0:0 directory"),
            ("mkdir /a && ln -s ../x /a/l && cp -r /a /d", "d/l", "0777 0:0 -> ../x"),
            ("echo x > /f && ln -s f /l && cp -P /l /m && cp /l /n", "m", "0777 0:0 -> f"),
            ("echo x > /f && ln -s f /l && cp -P /l /m && cp /l /n", "n", "0644 0:0 file x\n"),
            ("install -d -m 1777 /a/b", "a/b", "1777 0:0 directory"),
            ("mkdir /d && touch /a /b && install -m 600 -o 5 -g 6 -t /d /a /b", "d/b", "0600 5:6 file "),
            ("mkdir /d && touch /a /b && install -m u=rw,go=r /a /b /d/", "d/a", "0644 0:0 file "),
            ("touch /a && install -D -t /d/e /a", "d/e/a", "0755 0:0 file "),
            (": > /f", "f", "0644 0:0 file "), ("> /f", "f", "0644 0:0 file "),
            ("echo x > /f && true > /f", "f", "0644 0:0 file "), ("mkdir /a > /b", "b", "0644 0:0 file "),
            ("printf '\\101\\x42\\0\\n%b|%d|%c' 'a\\t' -5 xyz > /f", "f", "0644 0:0 file AB\0\na\t|-5|x"),
            ("echo -ne 'a\\tb\\x41\\0102\\.' > /f", "f", "0644 0:0 file a\tbAB\\."),
            ("echo 'a\\n' > /f && echo -E 'b\\n' >> /f", "f", "0644 0:0 file a\\n\nb\\n\n"),
            ("echo a | tee /f /g > /h", "h", "0644 0:0 file a\n"),
            ("echo a | tee /f && echo b | tee -a /f", "f", "0644 0:0 file a\nb\n"),
            ("cat <<E | tee /f\na $X\nE\n", "f", "0644 0:0 file a y\n"),
            ("echo a > /f && cat < /f | cat - /f > /g", "g", "0644 0:0 file a\na\n"),
            ("touch /a && chmod +w /a && chmod -x,a-r /a", "a", "0200 0:0 file "),
            ("touch /a && chmod 664 /a && chmod g=u,o=g /a", "a", "0666 0:0 file "),
            ("touch /a && chmod -r /a", "a", "0200 0:0 file "), ("mkdir /a && chmod +t /a", "a", "1755 0:0 directory"),
            ("mkdir -m u=rwx,go= /a", "a", "0700 0:0 directory"), ("mkdir -pm go-w /a/b", "a/b", "0755 0:0 directory"),
            ("touch -c /none && touch -a /a", "a", "0644 0:0 file "),
            ("[ -d /tmp ] && mkdir /a", "a", "0755 0:0 directory"),
            ("[ -d /none ] || mkdir /a", "a", "0755 0:0 directory"),
            ("test ! -e /none/x -a 1 = 1 || true; mkdir /a", "a", nil),
            ("if [ \"$X\" = y ]; then mkdir /a; else mkdir /b; fi", "a", "0755 0:0 directory"),
            ("if [ -f /none ]; then apk add x; elif false; then :; else touch /a; fi", "a", "0644 0:0 file "),
            ("for d in x $X 'z w'; do mkdir \"/a$d\"; done", "az w", "0755 0:0 directory"),
            (
                "mkdir /a && for f in /etc/*w?; do cp $f /a; done", "a/passwd",
                "0644 0:0 file root:x:0:0:root:/root:/bin/ash\n"
            ),
            ("case $X in x|y*) touch /a;; *) touch /b;; esac", "a", "0644 0:0 file "),
            ("D=/srv/$X; E=${D##*/}; mkdir -p $D && touch $D/$E", "srv/y/y", "0644 0:0 file "),
            ("export D=/a && mkdir $D", "a", "0755 0:0 directory"),
            ("{ echo a; echo b; } > /f", "f", "0644 0:0 file a\nb\n"),
            ("(cd /tmp && touch x) && touch y", "y", "0644 0:0 file "),
            ("for i in 1 2; do echo $i; done > /f", "f", "0644 0:0 file 1\n2\n"),
            ("touch /a; exit 0; rm /a", "a", "0644 0:0 file "),
            ("getent passwd app >/dev/null || touch /a", "a", "0644 0:0 file "),
            ("getent passwd root > /a && id -u root >> /a", "a", "0644 0:0 file root:x:0:0:root:/root:/bin/ash\n0\n"),
            (
                "id app 2>/dev/null || addgroup app", "etc/group",
                "0644 0:0 file root:x:0:root\nusers:x:100:games\nnogroup:x:65533:\napp:x:1000:\n"
            ),
            ("mkdir /a && touch /a/b && cd /a && chmod 600 /a/*", "a/b", "0600 0:0 file "),
            ("false || touch /a", "a", "0644 0:0 file "), ("! false && touch /a", "a", "0644 0:0 file "),
            ("false; touch /a", "a", "0644 0:0 file "),
            ("mkdir -p /new/../b && touch /tmp/../c /tmp/./d", "c", "0644 0:0 file "),
            ("ln -s tmp /l && mkdir -p /l/x/ && touch /l/x/../y", "tmp/y", "0644 0:0 file "),
            ("touch /f && chown 7:8 /f && ln -s f /l && chown 5 /l", "f", "0644 5:0 file "),
            ("touch /f && chown 7:8 /f && ln -s f /l && chown -h 5:6 /l && chgrp 9 /l", "f", "0644 5:9 file "),
            ("touch /f && chown 7:8 /f && chown 5 /f", "f", "0644 5:8 file "),
            // Busybox takes -E, and does nothing by it.
            ("echo -neE 'a\\tb' > /f", "f", "0644 0:0 file a\tb"),
            ("echo -e -E 'a\\tb' > /f", "f", "0644 0:0 file a\tb\n"),
            ("echo -nE 'a\\tb' > /f", "f", "0644 0:0 file a\\tb"),
            ("touch /f && chown 5.6 /f", "f", "0644 5:6 file "),
            ("touch /f && chown root.users /f", "f", "0644 0:100 file "),
            ("touch /f && chown .9 /f", "f", "0644 0:9 file "),
            ("{ echo a; cp /f /g; } > /f", "g", "0644 0:0 file a\n"),
            ("{ echo a; [ -s /f ] && touch /g; } > /f", "g", "0644 0:0 file "),
            ("{ echo a; chmod 600 /f; echo b; } > /f", "f", "0600 0:0 file a\nb\n"),
            ("echo a > /f && cat /f > /f", "f", "0644 0:0 file "), ("touch /f && cat /f >> /f", "f", "0644 0:0 file "),
            ("{ echo a; echo b >&2; echo c; } > /f", "f", "0644 0:0 file a\nc\n"),
            ("touch /f && chown 4294967295 /f", "f", nil), ("touch /f && chown : /f", "f", nil),
            ("set -e; false || true; touch /a", "a", "0644 0:0 file "),
            ("echo hi >&2; touch /a", "a", "0644 0:0 file "),
            ("mkdir /a && ln -s x /a/l && chmod -R 700 /a", "a/l", "0777 0:0 -> x"),
            ("mkdir -p /a/b && chmod 777 /a/b && cp -r /a /d", "d/b", "0755 0:0 directory"),
            ("(X=2; touch /a) && echo $X > /f", "f", "0644 0:0 file y\n"),
            ("mkdir $HOME && touch ~root 2>/dev/null || true", "a", nil),
        ] as [(String, String, String?)]
    )
    func filesAreAsAnEnginesAre(line: String, path: String, expected: String?) throws {
        var fixture = try RunFixture.alpine()
        guard let expected else {
            #expect(throws: RunRefusal.self) { try fixture.run(line, ["X": "y"]) }
            return
        }
        try fixture.run(line, ["X": "y"])
        #expect(fixture.at(path) == expected)
    }

    @Test(arguments: [
        "mkdir /a/b", "mkdir /tmp", "mkdir -p /etc/passwd", "chmod 755 /none", "chown nobody /tmp", "chown 1: /tmp",
        "rm /none",
        "rm /tmp", "rmdir /usr", "ln -s a /tmp/x && ln -s b /tmp/x", "echo a > /tmp", "echo a > /none/b", "cat /none",
        "touch /none/a", "install /none /a", "chown 1 /a && touch /a", "mkdir /tmp || true", "cd /none", "cp /none /a",
        "mv /none /a", "touch /a && mv /a /b/", "touch /a && cp /a /a", "touch /a /b && mv /a /b /c",
        "touch /a && mkdir -p /b/a && mv /a /b", "install /bin/busybox /bin/busybox",
        "cp /etc /b", "touch /a/", "echo > /a/", "ln -s x /a/", "[ -d /none ] && touch /a", "false",
        "set -e; false; touch /a", "set -e; [ -e /none ]; true",
        "touch /a && mv /a/ /b",
        "touch /tmp/x/../c", "touch /none/../c", "echo x > /none/../f",
        "cp /none/../etc/passwd /z", "mkdir /none/../z",
        "ln -s x /none/../z", "chmod 700 /none/../etc/passwd", "touch /etc/passwd/../x", "touch /etc/passwd/",
        "chown 5 /etc/passwd/.", "cat /etc/passwd/", "ln -s /none /l && mkdir -p /l", "ln -s /none /l && mkdir -p /l/a",
        "ln -s /none /l && mkdir -p /l/",
        "exit 1",
        "(exit 3)", "if [ -e /tmp ]; then exit 1; fi", "mkdir -p /a/b && mv /a /a/b", "mkdir -p /a/b && cp -r /a /a/b",
        "[ 1", "[ a -lt 1 ]", "cat < /none", "touch /a /b && install /a /b /c", "! true", "echo a | cat | tee /none/x",
    ])
    func whatWouldFailFails(line: String) throws {
        var fixture = try RunFixture.alpine()
        #expect {
            try fixture.run(line)
        } throws: { error in
            if case RunRefusal.fails = error { true } else { false }
        }
    }

    @Test(arguments: [
        // Coreutils refuse some of these, busybox has no end in others, and some are a race.
        "echo a > /f && cat /f >> /f", "echo a > /f && cat < /f >> /f", "echo a > /f && cat < /f > /f",
        "echo a > /g && cat /g /f > /f", "{ echo a; cat /f; } > /f", "{ echo a; cat /f | cat; } > /f",
        "echo a > /f && cat /f | tee /f", "echo a > /f && cat /f | cat > /f", "echo a | tee /f | cat - /f",
        "echo a > /f && tee /f < /f", "echo a | tee /f > /f", "{ echo a; rm /f; echo b; } > /f",
        "{ rm /f; touch /f; echo b; } > /f", "{ echo a; mv /f /g; } > /f", "{ echo a; echo b >> /f; echo c; } > /f",
        "mkdir /d /e /g && touch /d/x /e/x && cp /d/x /e/x /g", "mkdir /d /e /g && touch /d/x /e/x && mv /d/x /e/x /g",
        "mkdir /d /e /g && touch /d/x /e/x && install /d/x /e/x /g", "mkdir /g && ln -sf /d/x /e/x /g",
        "touch /f && chgrp 5.6 /f", "touch /f && chown 5.6:7 /f",
        "touch /a && ln -s tmp /l && mv -T /a /l", "ln /a /b", "echo -e 'a\\c'", "printf '%d' 08", "printf '%x' 1",
        "printf '%s%d' a", "printf '\\777'",
        "chmod u+t /tmp",
        "chmod -w /tmp",
        "chmod o+t /tmp", "chmod =r /tmp", "ln -sr /a /b", "touch -d now /a", "tee /a", "cat", "echo a | mkdir /a",
        "mkdir /a | tee /b", "apk list | tee /b", "mkdir -v /a > /b", "{ mkdir -v /a; } > /b", "X=1 mkdir /a",
        "PATH=/x mkdir /a",
        "IFS=: ; mkdir /a", "set -o vi", "exit", "cd /etc && rm -rf /dev", "ln -s tmp /l && rm -rf /l/",
        "ln -s tmp /l && mv /l/ /m", "[ -e /dev/null ]", "[ a -nt b ]",
        "[ a = a -a b = b ]",
        "id 0", "getent hosts x", "for PATH in a; do mkdir /$PATH; done", "chown -R 5 /",
        "adduser app users2",
        "while true; do touch /a; done",
        "for i in 1 2 3 4 5 6 7 8 9 0; do for j in 1 2 3 4 5 6 7 8 9 0; do for k in 1 2 3 4 5 6 7 8 9 0; do for l in 1 2 3 4 5 6 7 8 9 0; do for m in 1 2 3; do :; done; done; done; done; done",
        "chmod o=u /tmp && chmod = /tmp",
        // Engines put files into /etc, whether the image has them or not.
        "rm -rf /etc", "rmdir /etc", "mv /etc /etc2", "cp -r /etc /etc2", "cp -a /etc/. /tmp/", "chown -R 3:3 /etc",
        "chmod -R go-w /etc",
        "ln -s /etc /l && rm -rf /l/.", "mv /et? /etc2",
        // Some shells take these for the directory itself and the one that it is in, too.
        "touch /home/.x && chmod 600 /home/.*", "rm -rf /home/.?", "rm -rf /home/.*/x", "rm -rf /home/\\.*",
        // A letter, or one of its bytes.
        "touch /home/é && rm /home/?", "touch /home/aé && rm /home/a?*", "case é in ?) touch /a;; esac",
        "V=é && touch /${V#?}",
        "rm -i /a", "mkdir -Z /a", "echo a > /etc/hosts", "touch /dev/x", "rm -rf /*", "rm -rf /etc/*", "cd /tmp/..",
        "cd -", "mkdir <<E\nE\n", "/bin/set -e",
        "/opt/mkdir /a",
        "touch /a && chmod 4755 /a && cp /a /b", "ln -s /none /l && touch /a && cp /a /l", "mkdi? /a",
        "sed -i s/a/b/ /f",
        "setcap x=+ep /bin/sh", "apk add curl", "useradd app", "sh -c true", "adduser app", "chmod --reference=/a /b",
    ])
    func otherFormsAreRefused(line: String) throws {
        var fixture = try RunFixture.alpine()
        #expect(throws: RunRefusal.self) { try fixture.run(line) }
    }

    @Test(
        "dash prints escapes, knows no pipefail and no ==; coreutils makes links relative",
        arguments: [
            ("echo 'a\\tb' > /f", "f", "0644 0:0 file a\tb\n"), ("echo -e 'x' > /f", "f", "0644 0:0 file -e x\n"),
            ("echo 'a\\x41' > /f", "f", "0644 0:0 file a\\x41\n"),
            ("printf '\\x41\\101' > /f", "f", "0644 0:0 file \\x41A"),
            ("touch /f && chown 7:8 /f && ln -s f /l && chown 5 /l", "f", "0644 5:8 file "),
            ("ln -sr /etc/passwd /usr/bin/p", "usr/bin/p", "0777 0:0 -> ../../etc/passwd"),
            ("touch /f && chown daemon.users /f", "f", "0644 1:100 file "), ("touch /f && chown 5.6:7 /f", "f", nil),
            ("echo 'a.b:x:7:8:::' >> /etc/passwd && touch /f && chown a.b /f", "f", "0644 7:0 file "),
            ("/bin/echo -e -E 'a\\tb' > /f", "f", "0644 0:0 file a\\tb\n"),
            ("set -o pipefail", "f", nil), ("[ a == a ]", "f", nil),
        ] as [(String, String, String?)]
    )
    func debian(line: String, path: String, expected: String?) throws {
        var fixture = try RunFixture.debian()
        guard let expected else {
            #expect(throws: RunRefusal.self) { try fixture.run(line) }
            return
        }
        try fixture.run(line)
        #expect(fixture.at(path) == expected)
    }

    @Test("capabilities are those of setcap(8), and go with another owner")
    func capabilities() throws {
        var fixture = try RunFixture.debian()
        try fixture.run("touch /f /g && setcap CAP_NET_BIND_SERVICE,cap_bpf=+ep /f && setcap cap_chown+pi /g")
        let both: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]
        #expect(fixture.attributes("f") == ["security.capability": both])
        let one: [UInt8] = [0, 0, 0, 2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(fixture.attributes("g") == ["security.capability": one])
        #expect(throws: RunRefusal.self) { try fixture.run("echo x > /f") }
        try fixture.run("chown 5 /f")
        #expect(fixture.attributes("f").isEmpty)
        for line in ["setcap cap_none=+ep /g", "setcap cap_chown /g", "setcap =ep /g", "setcap cap_chown=+ep /none"] {
            #expect(throws: RunRefusal.self) { try fixture.run(line) }
        }
    }

    @Test(
        "a link is removed itself, wherever it leads",
        arguments: ["rm -f /l", "rm -rf /l", "rm -rf /gone /l", "cd /tmp && rm -f ../l", "rm -f /way/l"]
    )
    func danglingLinks(line: String) throws {
        var fixture = try RunFixture.alpine()
        try fixture.run("mkdir /gone && touch /gone/x && ln -s / /way && ln -s gone/in/there /l && rm -r /gone")
        #expect(fixture.at("l") != nil)
        try fixture.run(line)
        #expect(fixture.at("l") == nil)
    }

    @Test func whatIsRemovedIsWhitedOut() throws {
        var fixture = try RunFixture.alpine()
        try fixture.run("rm -rf /home && rm -f /none/x /etc/shadow && mkdir /new && rm -r /new && rm /tmp/../etc/group")
        #expect(fixture.changes() == [".wh.home", "etc", "etc/.wh.group", "etc/.wh.shadow"])
    }

    @Test func whatComesBackIsNotWhitedOut() throws {
        var fixture = try RunFixture.alpine()
        try fixture.run("rm /etc/shadow && touch /etc/shadow && rm -r /etc/shadow && echo x > /etc/shadow")
        #expect(fixture.changes() == ["etc", "etc/shadow"])
        try fixture.run("rm -r /usr/sbin && mkdir /usr/sbin")
        let programs = ["usr", "usr/sbin", "usr/sbin/.wh.addgroup", "usr/sbin/.wh.adduser"]
        #expect(fixture.changes() == programs)
    }
}
