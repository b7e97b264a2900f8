import Testing

@testable import ImageAssembler

/// What the commands do to files (docs/run.md, "The commands").
@Suite struct RunFilesTests {
    @Test(arguments: [
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
    ])
    func filesAreAsAnEnginesAre(line: String, path: String, expected: String) throws {
        var fixture = try RunFixture.alpine()
        try fixture.run(line)
        #expect(fixture.at(path) == expected)
    }

    @Test(arguments: [
        "mkdir /a/b", "mkdir /tmp", "mkdir -p /etc/passwd", "chmod 755 /none", "chown nobody /tmp", "chown 1: /tmp",
        "rm /none",
        "rm /tmp", "rmdir /etc", "ln -s a /tmp/x && ln -s b /tmp/x", "echo a > /tmp", "echo a > /none/b", "cat /none",
        "touch /none/a", "install /none /a", "chown 1 /a && touch /a", "mkdir /tmp || true", "cd /none", "cp /none /a",
        "mv /none /a", "touch /a && mv /a /b/", "touch /a && cp /a /a", "touch /a /b && mv /a /b /c",
        "touch /a && mkdir -p /b/a && mv /a /b", "install /bin/busybox /bin/busybox",
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
        "ln /a /b", "echo -e a", "echo 'a\\nb'", "printf '%d' 1", "chmod u+t /tmp", "chmod -w /tmp",
        "chmod o=u /tmp && chmod = /tmp",
        "rm -i /a", "mkdir -Z /a", "echo a > /etc/hosts", "touch /dev/x", "mkdir /a > /b", "cp -r /etc /b",
        "cp /etc /b",
        "mv /home /b", "rm -rf /*", "rm -rf /etc/*", "cd /tmp/..", "cd -", "mkdir <<E\nE\n", "/bin/set -e",
        "/opt/mkdir /a",
        "touch /a && chmod 4755 /a && cp /a /b", "ln -s /none /l && touch /a && cp /a /l", "mkdi? /a",
        "sed -i s/a/b/ /f",
        "setcap x=+ep /bin/sh", "apk add curl", "useradd app", "sh -c true", "adduser app", "chmod --reference=/a /b",
    ])
    func otherFormsAreRefused(line: String) throws {
        var fixture = try RunFixture.alpine()
        #expect(throws: RunRefusal.self) { try fixture.run(line) }
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
        try fixture.run("rm -r /etc && mkdir /etc")
        #expect(fixture.changes() == ["etc", "etc/.wh.group", "etc/.wh.passwd", "etc/.wh.shadow"])
    }
}
