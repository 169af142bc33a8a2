file(WRITE ${OUT} ".section .rodata
.global sockscope_mo_zh
.global sockscope_mo_zh_end
sockscope_mo_zh:
.incbin \"${MO}\"
sockscope_mo_zh_end:
.section .note.GNU-stack,\"\",@progbits
")
