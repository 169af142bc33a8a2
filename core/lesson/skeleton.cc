#include "lesson/skeleton.h"

namespace sockscope {
namespace {

constexpr std::string_view kPlay = R"(# What Show me runs.
ann>>> left, right = socketpair()
ann>>> left.sendall(b'hello')
bob>>> data = right.recv(1024)
)";

constexpr std::string_view kEnglish = R"(---
title: Two sockets that know each other
id: {id}
minutes: 6
needs:
place: loopback
detail: simple
new: socketpair(), sendall(), recv(), close()
---

Write here the one idea of the lesson.

## A first look

`socketpair` makes two sockets that are connected already.

```predict
id: first-guess
ask: What does bob's recv return?
- the five bytes that ann sent  =data == b'hello'
- nothing: nobody called connect  !m1 The two were born connected.
because: Why?
- the kernel kept the bytes until bob asked  =
- bob waited before ann sent  !m2 Look at the timeline: ann sent first.
```

```play first.play
```

```check
- bob has the five bytes  =bob returned b'hello'
```

## Now you

Close ann's socket. What does bob read now?

```hint
`left.close()` closes it; `right.recv(1024)` reads once more.
```

```solution
ann>>> left.close()
bob>>> rest = right.recv(1024)
```

```check
- bob reads that ann has finished  =rest == b''
```
)";

constexpr std::string_view kChinese = R"(---
title: 互相认识的两个套接字
id: {id}
minutes: 6
needs:
place: loopback
detail: simple
new: socketpair(), sendall(), recv(), close()
---

这里写这一课唯一的想法。

## 先看一眼

`socketpair` 造出两个已经连接好的套接字。

```predict
id: first-guess
ask: bob 的 recv 返回什么？
- ann 发的五个字节  =data == b'hello'
- 什么也没有：没有人调用 connect  !m1 这两个套接字生来就连着。
because: 为什么？
- 内核一直保存这些字节，直到 bob 来取  =
- 在 ann 发送之前 bob 就在等  !m2 看时间线：ann 先发送。
```

```play first.play
```

```check
- bob 拿到了五个字节  =bob returned b'hello'
```

## 轮到你

关闭 ann 的套接字。bob 现在读到什么？

```hint
`left.close()` 关闭它；`right.recv(1024)` 再读一次。
```

```solution
ann>>> left.close()
bob>>> rest = right.recv(1024)
```

```check
- bob 读到 ann 已经说完  =rest == b''
```
)";

std::string with_id(std::string_view text, std::string_view id) {
  constexpr std::string_view kPlaceholder = "{id}";
  std::string out(text);
  out.replace(out.find(kPlaceholder), kPlaceholder.size(), id);
  return out;
}

}  // namespace

std::vector<SkeletonFile> lesson_skeleton(std::string_view id) {
  return {
      {"en.md", with_id(kEnglish, id)}, {"zh.md", with_id(kChinese, id)}, {"first.play", std::string(kPlay)}};
}

}  // namespace sockscope
