# Writes OUT, assembler that carries FILES into the program: FILE.ext is sockscope_PREFIX_FILE … _end.
file(WRITE ${OUT} ".section .rodata\n")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  set(symbol sockscope_${PREFIX}_${name})
  file(APPEND ${OUT} ".global ${symbol}\n.global ${symbol}_end\n${symbol}:\n.incbin \"${file}\"\n${symbol}_end:\n")
endforeach()
file(APPEND ${OUT} ".section .note.GNU-stack,\"\",@progbits\n")
